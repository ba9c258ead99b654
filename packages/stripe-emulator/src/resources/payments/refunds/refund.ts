import type { Context } from '../../../core/context.ts'
import { paymentId } from '../../../core/ids.ts'
import type { Charge, Refund } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { createRefundTransaction } from '../charges/charge.ts'

/** The values of a new refund. */
interface RefundOrder {
  amount: number
  reason: Refund['reason']
  metadata: Record<string, string>
}

/** Refunds an amount of a charge at once. */
export function refundCharge(ctx: Context, charge: Charge, order: RefundOrder): Refund {
  const id = paymentId('re')
  // An authorization that is released moves no money.
  const moved = charge.captured
    ? createRefundTransaction(ctx, id, { ...charge, amount: order.amount }).id
    : null
  const refund = ctx.store.put('refunds', {
    id,
    object: 'refund',
    amount: order.amount,
    balance_transaction: moved,
    charge: charge.id,
    created: ctx.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: {
        reference_status: 'pending',
        reference_type: 'acquirer_reference_number',
        type: 'refund',
      },
      type: 'card',
    },
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
