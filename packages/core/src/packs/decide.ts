import { isWithdrawn } from '../subscriptions/index.ts'
import type { PackPayment } from './pack-payments.ts'

/** What a payment entitles to: nothing yet, its credits, its credits but frozen, or nothing any more. */
export type PaymentState = 'unpaid' | 'good' | 'disputed' | 'refunded' | 'lost'

/**
 * The state of a payment, from what Stripe has now alone. A refund in full weighs most, then a dispute that is lost, then
 * one that is open and for which the money was withdrawn: an inquiry takes no money back, and freezes nothing.
 */
export function stateOf(payment: PackPayment): PaymentState {
  const { isPaid, amountPaid, amountRefunded, disputes } = payment
  if (!isPaid) return 'unpaid'
  if (amountPaid > 0 && amountRefunded >= amountPaid) return 'refunded'
  if (disputes.includes('lost')) return 'lost'
  return disputes.some(isWithdrawn) ? 'disputed' : 'good'
}

/** A pack's grant, as far as its payment decides it. */
export interface PaidGrant {
  sessionId: string
  userId: string
  meter: string
  isFrozen: boolean
  /** Also by an admin. */
  isRevoked: boolean
  /** Revoked because the payment was. */
  isTakenBack: boolean
  amountRefunded: number
  disputeStatus: string | null
}

/** What has to change for the grants to be as their payments say. */
export type PackChange =
  | { kind: 'grant'; payment: PackPayment; isFrozen: boolean; disputeStatus: string | null }
  | {
      kind: 'update'
      payment: PackPayment
      before: PaidGrant
      after: Pick<PaidGrant, 'isFrozen' | 'isTakenBack' | 'amountRefunded' | 'disputeStatus'>
      /** Why it is taken back. */
      reason: string | null
    }

/**
 * Compares payments with the grants that there are. The same payments make the same grants, in whatever order their
 * events came: none for a payment that was refunded or lost before it was granted, one for any other that was paid.
 * Empty where nothing has to change.
 */
export function packChanges(
  payments: readonly PackPayment[],
  grants: readonly PaidGrant[],
): PackChange[] {
  const bySession = new Map(grants.map((grant) => [grant.sessionId, grant]))
  return payments.flatMap((payment): PackChange[] => {
    const before = bySession.get(payment.sessionId)
    const state = stateOf(payment)
    const disputeStatus = weightiest(payment.disputes)
    const isFrozen = state === 'disputed'
    const isTakenBack = state === 'refunded' || state === 'lost'
    if (state === 'unpaid') return []
    if (before === undefined) {
      return isTakenBack ? [] : [{ kind: 'grant', payment, isFrozen, disputeStatus }]
    }
    // What an admin has revoked is not for the payment to give back.
    const byAdmin = before.isRevoked && !before.isTakenBack
    const after = {
      isFrozen,
      isTakenBack: isTakenBack && !byAdmin,
      amountRefunded: payment.amountRefunded,
      disputeStatus,
    }
    if (isEqual(before, after)) return []
    return [{ kind: 'update', payment, before, after, reason: reasonOf(state) }]
  })
}

function isEqual(before: PaidGrant, after: Partial<PaidGrant>): boolean {
  return (Object.keys(after) as (keyof PaidGrant)[]).every((key) => before[key] === after[key])
}

function reasonOf(state: PaymentState): string | null {
  if (state === 'refunded') return 'its payment was refunded in full'
  return state === 'lost' ? 'its payment was lost to a dispute' : null
}

/** A lost dispute, else an open one, else any: whatever order they are listed in. */
function weightiest(disputes: readonly string[]): string | null {
  const sorted = disputes.toSorted()
  return sorted.find((status) => status === 'lost') ?? sorted.find(isWithdrawn) ?? sorted[0] ?? null
}
