import type { Context } from '../../../core/context.ts'
import { noSuch, notFound } from '../../../core/errors.ts'
import type { Charge, Dispute } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { recordMovement } from '../charges/balance-transaction.ts'

/** What the bank takes for a dispute; it is not given back. */
const FEE = { amount: 1500, description: 'Dispute fee' }

/** A dispute. Throws 404, or 400 where `param` names it. */
export function requireDispute(ctx: Context, id: string, param?: string): Dispute {
  const dispute = ctx.store.get('disputes', id)
  if (dispute !== undefined) return dispute
  if (param === undefined) throw notFound('dispute', id, 'dispute')
  throw noSuch('dispute', id, param)
}

/** The disputes of a charge, newest first. */
export function disputesOf(ctx: Context, charge: string): Dispute[] {
  return ctx.store
    .newest('disputes')
    .filter((dispute) => dispute.charge === charge)
    .toArray()
}

/** Whether a dispute is an inquiry: the bank asks, and no money has been withdrawn. */
export function isInquiry({ status }: Dispute): boolean {
  return status.startsWith('warning_')
}

/** Whether a dispute is decided. */
export function isClosed({ status }: Dispute): boolean {
  return status === 'lost' || status === 'warning_closed' || status === 'won'
}

/** Withdraws the disputed amount and the fee from the balance. */
export function withdrawFunds(ctx: Context, dispute: Dispute): Dispute {
  const movement = recordMovement(ctx, {
    type: 'adjustment',
    category: 'dispute',
    amount: -dispute.amount,
    currency: dispute.currency,
    description: `Chargeback withdrawal for ${dispute.charge}`,
    source: dispute.id,
    fee: FEE,
  })
  return ctx.patch('disputes', dispute.id, {
    balance_transactions: [...dispute.balance_transactions, movement],
    is_charge_refundable: false,
  })
}

/** Gives the disputed amount back, without the fee. */
export function reinstateFunds(ctx: Context, dispute: Dispute): Dispute {
  const movement = recordMovement(ctx, {
    type: 'adjustment',
    category: 'dispute_reversal',
    amount: dispute.amount,
    currency: dispute.currency,
    description: `Chargeback reversal for ${dispute.charge}`,
    source: dispute.id,
  })
  return ctx.patch('disputes', dispute.id, {
    balance_transactions: [...dispute.balance_transactions, movement],
    is_charge_refundable: true,
  })
}

/** Changes a dispute and sends the events of a change. */
export function changeDispute(ctx: Context, before: Dispute, changes: Partial<Dispute>): Dispute {
  const after = ctx.patch('disputes', before.id, changes)
  ctx.emit('charge.dispute.updated', after, changesBetween(before, after))
  return after
}

/** The charge of a dispute, with the mark that it was disputed. */
export function markDisputed(ctx: Context, charge: Charge, dispute: Dispute): Charge {
  return ctx.patch('charges', charge.id, { dispute: dispute.id, disputed: true })
}
