import type { Context } from '../../../core/context.ts'
import type { Dispute } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { changeDispute, isClosed, isInquiry, reinstateFunds, withdrawFunds } from './dispute.ts'

/** What the bank decides; `escalated`: an inquiry becomes a dispute, and its amount is withdrawn. */
export type Decision = 'escalated' | 'lost' | 'won'

/** The texts of evidence that decide a test dispute (docs.stripe.com/testing). */
const DECIDING_TEXTS: Readonly<Record<string, Decision>> = {
  escalate_inquiry_evidence: 'escalated',
  losing_evidence: 'lost',
  winning_evidence: 'won',
}

/** The decision that the text of the evidence of a dispute asks for; null: the bank never decides. */
export function decisionOf({ evidence }: Dispute): Decision | null {
  return DECIDING_TEXTS[evidence.uncategorized_text ?? ''] ?? null
}

/** Decides a dispute that is still open, as its bank would. */
export function decideDispute(ctx: Context, dispute: Dispute, decision: Decision): Dispute {
  if (isClosed(dispute)) return dispute
  if (decision === 'escalated') return escalate(ctx, dispute)
  if (isInquiry(dispute)) return close(ctx, dispute, 'warning_closed')
  if (decision === 'lost') return close(ctx, dispute, 'lost')
  const won = changeDispute(ctx, reinstateFunds(ctx, dispute), { status: 'won' })
  ctx.emit('charge.dispute.funds_reinstated', won)
  ctx.emit('charge.dispute.closed', won)
  return won
}

function escalate(ctx: Context, dispute: Dispute): Dispute {
  if (!isInquiry(dispute)) return dispute
  const escalated = changeDispute(ctx, withdrawFunds(ctx, dispute), {
    status: 'needs_response',
  })
  ctx.emit('charge.dispute.funds_withdrawn', escalated)
  return escalated
}

/** Closes a dispute without giving its amount back. */
export function close(ctx: Context, dispute: Dispute, status: 'lost' | 'warning_closed'): Dispute {
  const closed = ctx.patch('disputes', dispute.id, {
    is_charge_refundable: status === 'warning_closed',
    status,
  })
  ctx.emit('charge.dispute.closed', closed, changesBetween(dispute, closed))
  return closed
}
