import type { Context } from '../../../core/context.ts'
import { paymentId } from '../../../core/ids.ts'
import type { Charge, Refund } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { scheduleRefundEnd } from '../../events/reminders.ts'
import { recordMovement } from '../charges/balance-transaction.ts'
import { testCardByNumber } from '../methods/cards/test-cards.ts'

/** The values of a new refund. */
interface RefundOrder {
  amount: number
  reason: Refund['reason']
  metadata: Record<string, string>
}

/**
 * Refunds an amount of a charge. It succeeds at once; that of a test card for it is `pending` or fails later, before
 * the next request.
 */
export function refundCharge(ctx: Context, charge: Charge, order: RefundOrder): Refund {
  const ending = testCardByNumber(
    ctx.store.get('cards', charge.payment_method ?? '')?.number ?? '',
  ).refund
  const isPending = ending === 'pending'
  const put = ctx.store.put('refunds', {
    id: paymentId('re'),
    object: 'refund',
    amount: order.amount,
    balance_transaction: null,
    charge: charge.id,
    created: ctx.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: {
        reference_status: 'pending',
        reference_type: 'acquirer_reference_number',
        type: charge.captured ? 'refund' : 'reversal',
      },
      type: 'card',
    },
    metadata: order.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: order.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: isPending ? 'pending' : 'succeeded',
    transfer_reversal: null,
  })
  const refund = isPending ? put : booked(ctx, put, charge)
  if (ending !== undefined) scheduleRefundEnd(ctx, refund)
  ctx.emit('refund.created', refund)
  if (!isPending) addToCharge(ctx, charge, refund.amount)
  return refund
}

/** Records a refund in the balance; a released authorization never was in it. */
function booked(ctx: Context, refund: Refund, charge: Charge): Refund {
  if (!charge.captured) return refund
  const { description } = charge
  const movement = recordMovement(ctx, {
    type: 'refund',
    category: 'refund',
    amount: -refund.amount,
    currency: refund.currency,
    description: `REFUND FOR CHARGE${description === null ? '' : ` (${description})`}`,
    source: refund.id,
  })
  return ctx.patch('refunds', refund.id, { balance_transaction: movement.id })
}

/** Changes the refunded amount of a charge. */
function addToCharge(ctx: Context, charge: Charge, amount: number): void {
  const refunded = charge.amount_refunded + amount
  const after = ctx.patch('charges', charge.id, {
    amount_refunded: refunded,
    refunded: refunded === (charge.captured ? charge.amount_captured : charge.amount),
  })
  const type = amount > 0 ? 'charge.refunded' : 'charge.updated'
  ctx.emit(type, after, changesBetween(charge, after))
}

/** Ends a refund of a test card: a pending one succeeds, another one fails and its amount comes back. */
export function endRefund(ctx: Context, before: Refund): void {
  const charge = ctx.store.get('charges', before.charge ?? '')
  if (charge === undefined || before.status === 'canceled') return
  if (before.status === 'pending') {
    const after = ctx.patch('refunds', before.id, {
      ...booked(ctx, before, charge),
      status: 'succeeded',
    })
    ctx.emit('refund.updated', after, changesBetween(before, after))
    addToCharge(ctx, charge, after.amount)
    return
  }
  const movement = recordMovement(ctx, {
    type: 'refund',
    category: 'refund',
    amount: before.amount,
    currency: before.currency,
    description: 'REFUND FAILURE',
    source: before.id,
  })
  const failed = ctx.patch('refunds', before.id, {
    failure_balance_transaction: movement.id,
    failure_reason: 'expired_or_canceled_card',
    status: 'failed',
  })
  ctx.emit('refund.updated', failed, changesBetween(before, failed))
  ctx.emit('refund.failed', failed)
  addToCharge(ctx, charge, -before.amount)
}
