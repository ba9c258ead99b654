import type { Context } from '../context.ts'
import type { Balance } from '../quota/index.ts'
import { settleEntry } from './ledger/ledger-store.ts'
import { closeReservation, reservationClosed, withLockedReservation } from './ledger/reservation.ts'
import { balanceAt } from './writer/results.ts'

export interface Released {
  balance: Balance
}

/**
 * Gives a reservation back unused. Again, or after it expired: the same result. Throws RESERVATION_CLOSED
 * once it is settled, NOT_FOUND, UNAVAILABLE.
 */
export async function releaseReservation(
  ctx: Context,
  { reservationId }: { reservationId: string },
): Promise<Released> {
  return withLockedReservation(ctx, reservationId, async (locked) => {
    const { db, entry, outcomes } = locked
    if (outcomes.has('settled')) throw reservationClosed(reservationId)
    const before = outcomes.get('released')
    if (before) return { balance: balanceAt(entry, before.snapshot) }
    const { outcome, parts } = await closeReservation(locked, null)
    const { userId, id } = entry
    await settleEntry(db, { userId, id, amount: 0, overLimit: false, parts, metadata: null })
    return { balance: balanceAt(entry, outcome.snapshot) }
  })
}
