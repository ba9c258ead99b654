import type { Context } from '../../../core/context.ts'
import { noSuch } from '../../../core/errors.ts'
import type { Charge } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { emptyable, ignored, text, unsupported } from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { changesBetween } from '../../events/changes.ts'
import { shippingOf } from '../open-intent.ts'
import { shippingParam } from '../payment-intent-params.ts'

const listParams = shape({
  ...listFields,
  customer: text,
  payment_intent: text,
  transfer_group: unsupported,
})

const updateParams = shape({
  customer: unsupported,
  description: emptyable(text),
  fraud_details: unsupported,
  metadata,
  receipt_email: text,
  shipping: shippingParam,
  transfer_group: ignored,
})

export const chargeEndpoints = [
  endpoint('GET /v1/charges', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/charges/:id', shape({}), (ctx, { id }) => requireCharge(ctx, id)),
  endpoint('POST /v1/charges/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
]

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const found = ctx.store
    .newest('charges')
    .filter(
      (doc) =>
        (params.customer === undefined || doc.customer === params.customer) &&
        (params.payment_intent === undefined || doc.payment_intent === params.payment_intent) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/charges')
}

function requireCharge(ctx: Context, id: string): Charge {
  const charge = ctx.store.get('charges', id)
  if (charge === undefined) throw noSuch('charge', id)
  return charge
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requireCharge(ctx, id)
  const { description, receipt_email: email, shipping } = params
  const after = ctx.patch('charges', id, {
    ...(description === undefined ? {} : { description }),
    ...(email === undefined ? {} : { receipt_email: email }),
    ...(shipping === undefined ? {} : { shipping: shippingOf(shipping) }),
    metadata: changeMetadata(before.metadata, params.metadata),
  })
  ctx.emit('charge.updated', after, changesBetween(before, after))
  return after
}
