import type { Context } from '../../../core/context.ts'
import type { StripeError } from '../../../core/errors.ts'
import { invalidRequest, noSuch, notFound } from '../../../core/errors.ts'
import { formatMoney } from '../../../core/money.ts'
import type { Charge, Refund } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { email } from '../../../http/params/formats.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  connectParams,
  cosmetic,
  integer,
  oneOf,
  text,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { changesBetween } from '../../events/changes.ts'
import { disputesOf } from '../disputes/dispute.ts'
import { requirePaymentIntent } from '../payment-intent.ts'
import { refundCharge } from './refund.ts'

const createParams = shape({
  ...unsupportedParams('currency', 'customer', 'origin'),
  ...connectParams('refund_application_fee', 'reverse_transfer'),
  amount: integer({ min: 1 }),
  charge: text,
  instructions_email: cosmetic(
    email,
    'where Stripe asks for bank details; no refund of a card does so',
  ),
  metadata,
  payment_intent: text,
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
})

const updateParams = shape({ metadata })

const listParams = shape({ ...listFields, charge: text, payment_intent: text })

export const refundEndpoints = [
  endpoint('POST /v1/refunds', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/refunds', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/refunds/:id', shape({}), (ctx, { id }) => retrieve(ctx, id)),
  endpoint('POST /v1/refunds/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
  endpoint('POST /v1/refunds/:id/cancel', shape({}), (ctx, { id }) => cancel(ctx, id)),
]

/** Refunds a charge in full or in part. Throws 400 for more than is left, and for a charge that is disputed. */
function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const charge = chargeOf(ctx, params)
  requireRefundable(ctx, charge)
  const left = charge.amount_captured - charge.amount_refunded
  if (left <= 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  const amount = params.amount ?? left
  if (amount > left) {
    const money = (value: number) => formatMoney(value, charge.currency)
    throw invalidRequest(
      `Refund amount (${money(amount)}) is greater than unrefunded amount on charge (${money(left)})`,
      { param: 'amount' },
    )
  }
  const metadata = changeMetadata({}, params.metadata)
  return refundCharge(ctx, charge, { amount, reason: params.reason ?? null, metadata })
}

function chargeOf(ctx: Context, params: ValueOf<typeof createParams>): Charge {
  const { charge: chargeId, payment_intent: intentId } = params
  if (chargeId === undefined && intentId === undefined) {
    throw invalidRequest(
      'One of the following params should be provided for this request: payment_intent or charge.',
    )
  }
  const intent =
    intentId === undefined ? null : requirePaymentIntent(ctx, intentId, 'payment_intent')
  const id = chargeId ?? intent?.latest_charge ?? ''
  const charge = ctx.store.get('charges', id)
  if (charge === undefined && intent !== null) throw nothingToRefund(intent.id)
  if (charge === undefined) throw noSuch('charge', id)
  if (intent !== null && charge.payment_intent !== intent.id) {
    throw invalidRequest(`The charge ${id} does not belong to the PaymentIntent ${intent.id}.`)
  }
  return charge
}

function nothingToRefund(intent: string): StripeError {
  return invalidRequest(
    `This PaymentIntent (${intent}) does not have a successful charge to refund.`,
  )
}

/** Throws 400 for a charge that failed, is not captured, or is disputed. */
function requireRefundable(ctx: Context, charge: Charge): void {
  if (charge.status === 'failed') throw nothingToRefund(charge.payment_intent ?? '')
  if (!charge.captured) {
    throw invalidRequest(
      `This uncaptured Charge was created by a PaymentIntent (${charge.payment_intent}). You must cancel the PaymentIntent to reverse the authorization instead of refunding the Charge directly. For more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method`,
    )
  }
  if (disputesOf(ctx, charge.id).every((dispute) => dispute.is_charge_refundable)) return
  throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
    code: 'charge_disputed',
  })
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
  if (refund === undefined) throw notFound('refund', id, 'refund')
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

/** Cancels a pending refund; one of a card that has succeeded cannot be canceled. */
function cancel(ctx: Context, id: string): object {
  const before = retrieve(ctx, id)
  if (before.status !== 'pending') throw invalidRequest('Canceling this refund is unsupported.')
  const after = ctx.patch('refunds', id, { status: 'canceled' })
  ctx.emit('refund.updated', after, changesBetween(before, after))
  return after
}
