import type { Context } from '../context.ts'
import { invalid, TollgateError } from '../errors.ts'
import type { Balance } from '../quota/index.ts'
import { dayOf } from '../quota/index.ts'
import type { Closing } from './ledger/closing-store.ts'
import { insertClosing } from './ledger/closing-store.ts'
import { changeCounters } from './ledger/counter-store.ts'
import { settleEntry } from './ledger/ledger-store.ts'
import type { OpenEntry } from './ledger/open-entry.ts'
import { withEntry } from './ledger/open-entry.ts'
import { notFound, toUsageId } from './ledger/usage-id.ts'
import { restore } from './results.ts'
import { checkMetadata } from './validate.ts'
import { keep } from './writer/decide.ts'

export interface Settled {
  /** Null where the work cost nothing. */
  usageId: string | null
  replayed: boolean
  balance: Balance
}

export interface Released {
  balance: Balance
}

/**
 * Turns a reservation into the use that it came to, in the month of the reserve: less gives the rest back,
 * more is recorded too and marked as over the limit, 0 leaves no usage. Still records after the reservation
 * expired, since the work happened. The same amount again: the first answer. Throws RESERVATION_CLOSED for
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
  return withReservation(ctx, reservationId, async (entry) => {
    const before = entry.closings.get('settled')
    if (before?.amount === amount) return toSettled(entry, before, true)
    if (before || entry.closings.has('released')) throw closed(reservationId)
    const closing = await close(entry, 'settled', amount)
    const { user_id: userId, id } = entry.row
    const overLimit = amount > Number(entry.row.reserved) || isOver(entry)
    await settleEntry(entry.db, { userId, id, amount, overLimit, metadata })
    return toSettled(entry, closing, false)
  })
}

/**
 * Gives a reservation back unused. Again, or after it expired: the same answer. Throws RESERVATION_CLOSED
 * once it is settled, NOT_FOUND, UNAVAILABLE.
 */
export async function releaseReservation(
  ctx: Context,
  { reservationId }: { reservationId: string },
): Promise<Released> {
  return withReservation(ctx, reservationId, async (entry) => {
    if (entry.closings.has('settled')) throw closed(reservationId)
    const before = entry.closings.get('released')
    if (before) return { balance: balanceThen(entry, before) }
    const closing = await close(entry, 'released', null)
    const { user_id: userId, id } = entry.row
    await settleEntry(entry.db, { userId, id, amount: 0, overLimit: false, metadata: null })
    return { balance: balanceThen(entry, closing) }
  })
}

function withReservation<T>(
  ctx: Context,
  usageId: string,
  work: (entry: OpenEntry) => Promise<T>,
): Promise<T> {
  const field = 'reservationId'
  return withEntry(ctx, { field, usageId }, (entry) => {
    if (entry.row.verb !== 'reserve') throw notFound(field, usageId)
    return work(entry)
  })
}

/** Takes what is still held out of the counter, and adds what it came to. */
async function close(
  { db, now, row, counter }: OpenEntry,
  kind: 'settled' | 'released',
  amount: number | null,
): Promise<Closing> {
  const held = row.held ? Number(row.reserved) : 0
  const used = amount ?? 0
  if (!Number.isSafeInteger(counter.used + used)) {
    throw invalid('amount', "would carry the month's total beyond the safe range")
  }
  counter.reserved -= held
  counter.used += used
  const { user_id: userId, id, meter, period } = row
  const day = dayOf(row.occurred_at)
  const change = { userId, meter, period, day, amount: used, events: used > 0 ? 1 : 0 }
  await changeCounters(db, [{ ...change, reserved: -held, expiresAt: null }])
  const closing = { userId, id, kind, at: now, amount, reason: null, actor: null }
  const kept = { ...closing, balance: keep(counter) }
  await insertClosing(db, kept)
  return kept
}

function isOver({ counter: { used, reserved, entitlement } }: OpenEntry): boolean {
  return !entitlement.unlimited && used + reserved > entitlement.limit
}

function toSettled(entry: OpenEntry, closing: Closing, replayed: boolean): Settled {
  const { user_id: userId, id } = entry.row
  const usageId = closing.amount === 0 ? null : toUsageId(userId, id)
  return { usageId, replayed, balance: balanceThen(entry, closing) }
}

export function balanceThen({ row }: OpenEntry, { balance }: Closing): Balance {
  return restore({ meter: row.meter, occurredAt: row.occurred_at }, balance)
}

function closed(reservationId: string): TollgateError {
  const message = `reservationId: ${JSON.stringify(reservationId)} was settled or released already`
  return new TollgateError('RESERVATION_CLOSED', message)
}
