import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import { paymentId } from '../../core/ids.ts'
import type { Charge, Refund } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { gap, integer, oneOf, text } from '../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../http/params/shape.ts'
import { changesBetween } from '../events/changes.ts'
import { requirePaymentIntent } from './payment-intent.ts'

const createParams = shape({
  amount: integer({ min: 1 }),
  charge: text,
  currency: gap,
  customer: gap,
  instructions_email: gap,
  metadata,
  origin: gap,
  payment_intent: text,
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  refund_application_fee: gap,
  reverse_transfer: gap,
})

const updateParams = shape({ metadata })

const listParams = shape({ ...listFields, charge: text, payment_intent: text })

/** What is given back, and why. */
interface RefundOrder {
  amount: number
  reason: Refund['reason']
  metadata: Record<string, string>
}

/** Gives back a part of a charge, at once. */
export function refundCharge(ctx: Context, charge: Charge, order: RefundOrder): Refund {
  const refund = ctx.store.put('refunds', {
    id: paymentId('re'),
    object: 'refund',
    amount: order.amount,
    balance_transaction: null,
    charge: charge.id,
    created: ctx.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: order.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: order.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  })
  const refunded = charge.amount_refunded + order.amount
  const after = ctx.patch('charges', charge.id, {
    amount_refunded: refunded,
    refunded: refunded === (charge.captured ? charge.amount_captured : charge.amount),
  })
  ctx.emit('refund.created', refund)
  ctx.emit('charge.refunded', after, changesBetween(charge, after))
  return refund
}

export const refundEndpoints = [
  endpoint('POST /v1/refunds', createParams, (ctx, { params }) => createRefund(ctx, params)),
  endpoint('GET /v1/refunds', listParams, (ctx, { params }) => listRefunds(ctx, params)),
  endpoint('GET /v1/refunds/:id', shape({}), (ctx, { id }) => retrieveRefund(ctx, id)),
  endpoint('POST /v1/refunds/:id', updateParams, (ctx, { id, params }) =>
    updateRefund(ctx, id, params),
  ),
]

/** Gives back all of a charge or a part of it; never more than is left. */
function createRefund(ctx: Context, params: ValueOf<typeof createParams>): object {
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

function listRefunds(ctx: Context, params: ValueOf<typeof listParams>): object {
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

function retrieveRefund(ctx: Context, id: string): Refund {
  const refund = ctx.store.get('refunds', id)
  if (refund === undefined) throw noSuch('refund', id)
  return refund
}

/** Changes a refund's metadata, which is all of it that can be changed. */
function updateRefund(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = retrieveRefund(ctx, id)
  const after = ctx.patch('refunds', id, {
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
  const changes = changesBetween(before, after)
  ctx.emit('refund.updated', after, changes)
  ctx.emit('charge.refund.updated', after, changes)
  return after
}
