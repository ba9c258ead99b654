import type { Resets } from '../../catalog/index.ts'
import { invalid } from '../../errors.ts'
import { isStorableInstant } from '../../instant.ts'
import { monthStep, stepsAround } from './month-steps.ts'

/** The time over which a use counts against a limit. */
export interface Window {
  /** Its key, in the ledger and in its counter. A meter that resets otherwise has other keys. */
  period: string
  /** Its first instant. Of `never`: when the user became known. */
  start: Date
  /** When the next one begins. Null: it has no end. */
  end: Date | null
  /** Both as ISO 8601. */
  startsAt: string
  endsAt: string | null
}

export interface Month extends Window {
  end: Date
  endsAt: string
}

/** What the windows of a user depend on, where the clock alone does not say. */
export interface WindowBasis {
  /** When the user became known. */
  knownSince: Date
  /** In order, and never two at once. */
  spans: readonly BillingSpan[]
}

/** A time over which a subscription gives its user's `billing` windows. */
export interface BillingSpan {
  subscriptionId: string
  startsAt: Date
  endsAt: Date | null
  /** Windows step by months from here, both ways. */
  anchor: Date
  /** Steps up to this instant begin no window. */
  stepsAfter: Date | null
}

/** The month that an instant falls in. Source: docs/integration-guide.md, "Usage metering". */
export function monthOf(instant: Date): Month {
  if (!(instant >= last.start && instant < last.end)) {
    last = month(instant.getUTCFullYear(), instant.getUTCMonth())
  }
  return last
}

/** The month that YYYY-MM names; VALIDATION for anything else. */
export function parsePeriod(period: string): Month {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(period)
  if (!match) throw invalid('period', 'must be a month as YYYY-MM')
  const named = month(Number(match[1]), Number(match[2]) - 1)
  if (isStorableInstant(named.start) && isStorableInstant(named.end)) return named
  throw invalid('period', 'must be a month from 0001-01 to 9999-11')
}

/** The window of an instant where the clock alone says it, in UTC; null for `billing` and `never`: see `windowOf`. */
export function clockWindow(resets: Resets, instant: Date): Window | null {
  switch (resets) {
    case 'month':
      return monthOf(instant)
    case 'day':
      return fixed(instant.toISOString().slice(0, 10))
    case 'hour':
      return fixed(instant.toISOString().slice(0, 13))
    case 'billing':
    case 'never':
      return null
  }
}

/**
 * The window that an instant falls in. Every instant is in exactly one. Keys: `2026-11`, `2026-11-30`, `2026-11-30T14`;
 * of `billing` the start, and behind it the subscription that gives it; of `never` the earliest instant that can be used.
 */
export function windowOf(resets: Resets, instant: Date, basis: WindowBasis): Window {
  return (
    clockWindow(resets, instant) ??
    (resets === 'billing' ? billingWindow(instant, basis) : forGood(basis.knownSince))
  )
}

/**
 * The window of a stored key. The key of a `billing` window does not say where it ends, since it may be cut after it
 * began: `end` says it, and is ignored for all others.
 */
export function windowOfKey(period: string, end: Date | null): Window {
  switch (kindOfKey(period)) {
    case 'month':
      return period === last.period ? last : parsePeriod(period)
    case 'day':
    case 'hour':
      return fixed(period)
    case 'never':
      return forGood(new Date(Date.parse(period.slice(SINCE.length)) + EARLIEST_USE_MS))
    case 'billing': {
      const [start = '', subscriptionId] = period.split(' ')
      const startsAt = new Date(start)
      return toWindow(periodOf(startsAt, subscriptionId), startsAt, end ?? monthStep(startsAt, 1))
    }
  }
}

/** How a meter reset when this key was made. */
export function kindOfKey(period: string): Resets {
  if (period.length === 7) return 'month'
  if (period.length === 10) return 'day'
  if (period.length === 13) return 'hour'
  return period.startsWith(SINCE) ? 'never' : 'billing'
}

function billingWindow(instant: Date, { knownSince, spans }: WindowBasis): Window {
  const span = spans.findLast(
    ({ startsAt, endsAt }) => startsAt <= instant && (endsAt === null || instant < endsAt),
  )
  if (!span) {
    // The user's own steps are not cut: after a subscription they are in the same window again, with what they used of it.
    const { start, end } = stepsAround(knownSince, instant)
    return toWindow(periodOf(start), start, end)
  }
  const { startsAt, endsAt, anchor, stepsAfter } = span
  const { start: step, end: next } = stepsAround(anchor, instant)
  const start = step > startsAt && !(stepsAfter && step <= stepsAfter) ? step : startsAt
  const end = stepsAfter && next <= stepsAfter ? stepsAround(anchor, stepsAfter).end : next
  const cut = endsAt !== null && endsAt < end ? endsAt : end
  return toWindow(periodOf(start, span.subscriptionId), start, cut)
}

function periodOf(start: Date, subscriptionId?: string): string {
  const startsAt = start.toISOString()
  return subscriptionId === undefined ? startsAt : `${startsAt} ${subscriptionId}`
}

const SINCE = 'since '

/** A use may be dated 35 days back when it is recorded; one more, for clocks that differ. */
const EARLIEST_USE_MS = 36 * 86_400_000

/** Its key begins before the user became known, since uses that are dated earlier count too. */
function forGood(knownSince: Date): Window {
  const earliest = new Date(knownSince.getTime() - EARLIEST_USE_MS)
  return toWindow(SINCE + earliest.toISOString(), knownSince, null)
}

const HOUR_MS = 3_600_000

/** The day or the hour that a key names. */
function fixed(period: string): Window {
  const isHour = period.length === 13
  const start = new Date(isHour ? `${period}:00:00.000Z` : `${period}T00:00:00.000Z`)
  return toWindow(period, start, new Date(start.getTime() + (isHour ? HOUR_MS : 24 * HOUR_MS)))
}

/** The month that was asked for last: nearly every call is in the same one, and each asks several times. */
let last = month(1970, 0)

function month(year: number, index: number): Month {
  const start = utcMonth(year, index)
  const end = utcMonth(year, index + 1)
  const [startsAt, endsAt] = [start.toISOString(), end.toISOString()]
  return { period: startsAt.slice(0, 7), start, end, startsAt, endsAt }
}

function toWindow(period: string, start: Date, end: Date | null): Window {
  return { period, start, end, startsAt: start.toISOString(), endsAt: end?.toISOString() ?? null }
}

/** Not `Date.UTC(year, …)` alone: it takes the years 0 to 99 for 1900 to 1999. */
function utcMonth(year: number, index: number): Date {
  const date = new Date(0)
  date.setUTCFullYear(year, index, 1)
  return date
}
