import type { Context } from '../../context.ts'
import { invalid, TollgateError } from '../../errors.ts'
import { dayOf } from '../../quota/index.ts'
import { notFound } from '../usage.ts'
import { snapshotOf } from '../writer/decide.ts'
import { changeCounters } from './counter-store.ts'
import type { LockedEntry } from './locked-entry.ts'
import { withLockedEntry } from './locked-entry.ts'
import type { Outcome } from './outcome-store.ts'
import { insertOutcome } from './outcome-store.ts'

/** As `withLockedEntry`, of a reservation. */
export function withLockedReservation<T>(
  ctx: Context,
  reservationId: string,
  work: (locked: LockedEntry) => Promise<T>,
): Promise<T> {
  const field = 'reservationId'
  return withLockedEntry(ctx, { field, usageId: reservationId }, (locked) => {
    if (locked.entry.verb !== 'reserve') throw notFound(field, reservationId)
    return work(locked)
  })
}

/** Takes what is still held out of the counter, and adds the amount that it was settled to; null: it is released. */
export async function closeReservation(
  { db, now, entry, counter, window }: LockedEntry,
  amount: number | null,
): Promise<Outcome> {
  const held = entry.held ? entry.reserved : 0
  const used = amount ?? 0
  if (!Number.isSafeInteger(counter.used + used)) {
    throw invalid('amount', "would carry the window's total beyond the safe range")
  }
  counter.reserved -= held
  counter.used += used
  const { userId, id, meter, period } = entry
  const day = dayOf(period, entry.occurredAt)
  const change = { userId, meter, period, day, amount: used, events: used > 0 ? 1 : 0 }
  await changeCounters(db, [{ ...change, reserved: -held, expiresAt: null }])
  const kind = amount === null ? 'released' : 'settled'
  const what = { userId, id, kind, at: now, amount, reason: null, actor: null } as const
  const outcome: Outcome = { ...what, snapshot: snapshotOf(counter, window) }
  await insertOutcome(db, outcome)
  return outcome
}

/** RESERVATION_CLOSED. */
export function reservationClosed(reservationId: string): TollgateError {
  const message = `reservationId: ${JSON.stringify(reservationId)} was settled or released already`
  return new TollgateError('RESERVATION_CLOSED', message)
}
