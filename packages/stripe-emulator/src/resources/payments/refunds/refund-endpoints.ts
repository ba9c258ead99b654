import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { Charge, Refund } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { integer, oneOf, text, unsupported } from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { changesBetween } from '../../events/changes.ts'
import { requirePaymentIntent } from '../payment-intent.ts'
import { refundCharge } from './refund.ts'

const createParams = shape({
  amount: integer({ min: 1 }),
  charge: text,
  currency: unsupported,
  customer: unsupported,
  instructions_email: unsupported,
  metadata,
  origin: unsupported,
  payment_intent: text,
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  refund_application_fee: unsupported,
  reverse_transfer: unsupported,
})

const updateParams = shape({ metadata })

const listParams = shape({ ...listFields, charge: text, payment_intent: text })

export const refundEndpoints = [
  endpoint('POST /v1/refunds', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/refunds', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/refunds/:id', shape({}), (ctx, { id }) => retrieve(ctx, id)),
  endpoint('POST /v1/refunds/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
]

/** Refunds a charge in full or in part. Throws 400 for more than is left. */
function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const charge = chargeOf(ctx, params)
  const left = charge.amount_captured - charge.amount_refunded
  if (!charge.paid || left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  const amount = params.amount ?? left
  if (amount > left) {
    throw invalidRequest(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      { param: 'amount' },
    )
  }
  const metadata = changeMetadata({}, params.metadata)
  return refundCharge(ctx, charge, { amount, reason: params.reason ?? null, metadata })
}

function chargeOf(ctx: Context, params: ValueOf<typeof createParams>): Charge {
  const id =
    params.charge ??
    (params.payment_intent === undefined
      ? undefined
      : requirePaymentIntent(ctx, params.payment_intent, 'payment_intent').latest_charge)
  if (id === undefined || id === null) {
    throw invalidRequest(
      'One of the following params should be provided for this request: payment_intent or charge.',
    )
  }
  const charge = ctx.store.get('charges', id)
  if (charge === undefined) throw noSuch('charge', id, 'charge')
  return charge
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const found = ctx.store
    .newest('refunds')
    .filter(
      (doc) =>
        (params.charge === undefined || doc.charge === params.charge) &&
        (params.payment_intent === undefined || doc.payment_intent === params.payment_intent) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/refunds')
}

function retrieve(ctx: Context, id: string): Refund {
  const refund = ctx.store.get('refunds', id)
  if (refund === undefined) throw noSuch('refund', id)
  return refund
}

/** Updates the metadata of a refund, the only field that can be changed. */
function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = retrieve(ctx, id)
  const after = ctx.patch('refunds', id, {
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
  const changes = changesBetween(before, after)
  ctx.emit('refund.updated', after, changes)
  ctx.emit('charge.refund.updated', after, changes)
  return after
}
