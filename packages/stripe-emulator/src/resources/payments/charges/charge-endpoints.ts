import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { Charge } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { email } from '../../../http/params/formats.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  connectOnly,
  connectParams,
  emptyable,
  integer,
  oneOf,
  required,
  text,
} from '../../../http/params/param.ts'
import { searchPage, searchParams } from '../../../http/params/search-params.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { changesBetween } from '../../events/changes.ts'
import { shippingOf } from '../open-intent.ts'
import { shippingParam } from '../payment-intent-params.ts'
import { searchableCharges } from './search.ts'

const listParams = shape({
  ...listFields,
  customer: text,
  payment_intent: text,
  transfer_group: connectOnly,
})

const updateParams = shape({
  customer: text,
  description: emptyable(text),
  fraud_details: shape({ user_report: required(emptyable(oneOf('fraudulent', 'safe'))) }),
  metadata,
  receipt_email: emptyable(email),
  shipping: shippingParam,
  transfer_group: connectOnly,
})

const captureParams = shape({
  ...connectParams('application_fee', 'application_fee_amount', 'transfer_data', 'transfer_group'),
  amount: integer(),
  receipt_email: emptyable(email),
  statement_descriptor: text,
  statement_descriptor_suffix: text,
})

export const chargeEndpoints = [
  endpoint('GET /v1/charges', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/charges/search', searchParams, (ctx, { params }) =>
    searchPage(ctx.store.newest('charges'), params, searchableCharges),
  ),
  endpoint('GET /v1/charges/:id', shape({}), (ctx, { id }) => requireCharge(ctx, id)),
  endpoint('POST /v1/charges/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
  endpoint('POST /v1/charges/:id/capture', captureParams, (ctx, { id }) => refuseCapture(ctx, id)),
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
  const { description, receipt_email: email, shipping, fraud_details: fraud } = params
  requireSameCustomer(ctx, before, params.customer)
  const after = ctx.patch('charges', id, {
    ...(description === undefined ? {} : { description }),
    ...(email === undefined ? {} : { receipt_email: email }),
    ...(shipping === undefined ? {} : { shipping: shippingOf(shipping) }),
    ...(fraud === undefined
      ? {}
      : { fraud_details: fraud.user_report === null ? {} : { user_report: fraud.user_report } }),
    metadata: changeMetadata(before.metadata, params.metadata),
  })
  ctx.emit('charge.updated', after, changesBetween(before, after))
  return after
}

/** The customer of a charge can only be set where it has none (types of the `stripe` package). Throws 400. */
function requireSameCustomer(ctx: Context, charge: Charge, customer: string | undefined): void {
  if (customer === undefined) return
  const { id } = requireCustomer(ctx, customer, 'customer')
  if (charge.customer === id) return
  throw invalidRequest(
    `This Charge was created by a PaymentIntent (${charge.payment_intent}). You must update the \`customer\` on the PaymentIntent instead of updating the Charge directly.`,
  )
}

/** Every charge is that of a payment intent, which is what can be captured. */
function refuseCapture(ctx: Context, id: string): never {
  const charge = requireCharge(ctx, id)
  if (charge.captured) {
    throw invalidRequest(`Charge ${id} has already been captured.`, {
      code: 'charge_already_captured',
    })
  }
  throw invalidRequest(
    `This uncaptured Charge was created by a PaymentIntent (${charge.payment_intent}). You must capture the PaymentIntent instead. For more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method`,
  )
}
