import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import type { Balance } from '../quota/index.ts'
import { settleEntry } from './ledger/ledger-store.ts'
import type { LockedEntry } from './ledger/locked-entry.ts'
import type { Outcome } from './ledger/outcome-store.ts'
import { closeReservation, reservationClosed, withLockedReservation } from './ledger/reservation.ts'
import { toUsageId } from './usage.ts'
import { balanceAt } from './writer/results.ts'
import { checkMetadata } from './writer/usage-call.ts'

export interface Settled {
  /** Null where the work cost nothing. */
  usageId: string | null
  /** True: it was settled before, and this is the result given then. */
  replayed: boolean
  balance: Balance
}

/**
 * Turns a reservation into the use that it came to, in the window of the reserve: less gives the rest back,
 * more is recorded too and marked as over the limit, 0 leaves no usage. Still records after the reservation
 * expired, since the work happened. The same amount again: the first result. Throws RESERVATION_CLOSED for
 * another amount or after a release, NOT_FOUND, VALIDATION, UNAVAILABLE.
 */
export async function settleReservation(
  ctx: Context,
  input: {
    reservationId: string
    amount: number
    metadata?: Record<string, unknown> | undefined
  },
): Promise<Settled> {
  const { reservationId, amount } = input
  if (!Number.isSafeInteger(amount) || amount < 0) {
    throw invalid('amount', 'must be a whole number, 0 or more, within the safe range')
  }
  const metadata = checkMetadata(input.metadata)
  return withLockedReservation(ctx, reservationId, async (locked) => {
    const { db, entry, outcomes } = locked
    const before = outcomes.get('settled')
    if (before?.amount === amount) return toSettled(locked, before, true)
    if (before || outcomes.has('released')) throw reservationClosed(reservationId)
    const { outcome, parts } = await closeReservation(locked, amount)
    const { userId, id, reserved } = entry
    await settleEntry(db, {
      userId,
      id,
      amount,
      overLimit: amount > reserved || parts.over > 0 || isOver(locked),
      parts,
      metadata,
    })
    return toSettled(locked, outcome, false)
  })
}

function isOver({ counter }: LockedEntry): boolean {
  const { used, reserved, credited, sold, entitlement } = counter
  return !entitlement.unlimited && used + reserved - credited - sold > entitlement.limit
}

function toSettled({ entry }: LockedEntry, outcome: Outcome, replayed: boolean): Settled {
  const usageId = outcome.amount === 0 ? null : toUsageId(entry.userId, entry.id)
  return { usageId, replayed, balance: balanceAt(entry, outcome.snapshot) }
}
