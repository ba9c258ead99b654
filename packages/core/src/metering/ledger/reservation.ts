import type { Context } from '../../context.ts'
import { invalid, TollgateError } from '../../errors.ts'
import { dayOf } from '../../quota/index.ts'
import { notFound } from '../usage.ts'
import { snapshotOf } from '../writer/decide.ts'
import type { Parts } from '../writer/parts.ts'
import { fill, join, keepFirst, ofAllowance, unitsOf } from '../writer/parts.ts'
import { isWatched, noteReached, standingOf } from '../writer/reached.ts'
import { maySell, openingsOf, unhold, use } from '../writer/sources.ts'
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

/**
 * Takes what is still held out of the counter, and adds the amount that it was settled to; null: it is released. Returns
 * also where that amount was taken from.
 */
export async function closeReservation(
  locked: LockedEntry,
  amount: number | null,
): Promise<{ outcome: Outcome; parts: Parts }> {
  const { db, now, entry, counter, window } = locked
  const held = entry.held ? entry.reserved : 0
  const used = amount ?? 0
  if (!Number.isSafeInteger(counter.used + used)) {
    throw invalid('amount', "would carry the window's total beyond the safe range")
  }
  const { credited, sold } = counter
  const stood = standingOf(counter)
  const parts = fillClosed(locked, used)
  if (used > 0 && isWatched(counter)) noteReached(counter, stood, { window, now })
  const { userId, id, meter, period } = entry
  const day = dayOf(period, entry.occurredAt)
  const change = { userId, meter, period, day, amount: used, events: used > 0 ? 1 : 0 }
  const taken = { credited: counter.credited - credited, sold: counter.sold - sold }
  await changeCounters(db, [{ ...change, ...taken, reserved: -held, expiresAt: null }])
  const kind = amount === null ? 'released' : 'settled'
  const what = { userId, id, kind, at: now, amount, reason: null, actor: null } as const
  const outcome: Outcome = { ...what, snapshot: snapshotOf(counter, window) }
  await insertOutcome(db, outcome)
  return { outcome, parts }
}

/**
 * Ends what the reservation holds, and takes `used`: first of what was held, the rest in the order that stands now. Overage
 * that was held is sold now, whatever the cap has become; where nothing is sold any more, it is over.
 */
function fillClosed({ entry, counter, now }: LockedEntry, used: number): Parts {
  const held = entry.held ? entry.parts : ofAllowance(0)
  counter.reserved -= entry.held ? entry.reserved : 0
  unhold(counter, held)
  const kept = keepFirst(held, used)
  const first = take(
    counter,
    maySell(counter, entry.occurredAt) ? unfilled(kept) : unsold(kept),
    now,
  )
  const more = fill(kept.over, openingsOf(counter, entry.occurredAt))
  return join(first, take(counter, more, now))
}

/** Without what was more than held, which is yet to be filled. */
function unfilled(parts: Parts): Parts {
  return { ...parts, over: 0 }
}

function unsold(parts: Parts): Parts {
  return { ...parts, overage: 0, over: parts.overage }
}

/** Takes parts out of the counter for good. */
function take(counter: LockedEntry['counter'], parts: Parts, now: Date): Parts {
  const taken = use(counter, parts, now)
  counter.used += unitsOf(parts)
  return taken
}

/** RESERVATION_CLOSED. */
export function reservationClosed(reservationId: string): TollgateError {
  const message = `reservationId: ${JSON.stringify(reservationId)} was settled or released already`
  return new TollgateError('RESERVATION_CLOSED', message)
}
