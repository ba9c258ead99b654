import type { Context } from '../../core/context.ts'
import type { Meter, MeterEvent, MeterUsage } from '../../documents.ts'
import type { Period } from '../invoices/line.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** Usage of one customer, before the formula of the meter is applied. */
type Total = Pick<MeterUsage, 'sum' | 'count' | 'last'>

const NOTHING: Total = { sum: 0, count: 0, last: null }

/** The key of the usage of a customer in the index of buckets. */
export function usageKey({ meter, customer }: Pick<MeterUsage, 'meter' | 'customer'>): string {
  return `${meter}/${customer}`
}

/** The key of the hour of an event in the index of events. */
export function bucketOf(event: MeterEvent): string {
  return `${usageKey(event)}/${startOf(event.at, HOUR)}`
}

function startOf(at: number, seconds: number): number {
  return Math.floor(at / seconds) * seconds
}

/** How long a bucket of a meter is: a day where its events replace each other within a day, else an hour. */
function bucketSeconds(meter: Meter): number {
  return meter.event_time_window === 'day' ? DAY : HOUR
}

/** Adds an event that was just counted to its bucket. */
export function addToUsage(ctx: Context, meter: Meter, event: MeterEvent): void {
  // Where events replace each other, the whole bucket is counted again.
  if (meter.event_time_window !== null) {
    recount(ctx, meter, event)
    return
  }
  const start = startOf(event.at, bucketSeconds(meter))
  const id = `${usageKey(event)}/${start}`
  const before = ctx.store.get('meter_usage', id) ?? NOTHING
  const total = plus(before, totalOf([event]))
  ctx.store.put('meter_usage', {
    id,
    meter: meter.id,
    customer: event.customer,
    start,
    ...total,
  })
}

/** Counts the bucket of an event again, after the event was canceled. */
export function recount(ctx: Context, meter: Meter, event: MeterEvent): void {
  const start = startOf(event.at, bucketSeconds(meter))
  const id = `${usageKey(event)}/${start}`
  const events = countedIn(ctx, meter, { ...event, start })
  const base = { id, meter: meter.id, customer: event.customer, start }
  ctx.store.put('meter_usage', { ...base, ...totalOf(events) })
}

/**
 * The counted events of a bucket. Where events are aggregated before they are sent, only the one that arrived
 * last counts in each hour or day (docs: "Pre-aggregated").
 */
function countedIn(
  ctx: Context,
  meter: Meter,
  bucket: Pick<MeterUsage, 'meter' | 'customer' | 'start'>,
): MeterEvent[] {
  const events: MeterEvent[] = []
  for (let hour = bucket.start; hour < bucket.start + bucketSeconds(meter); hour += HOUR) {
    const key = `${usageKey(bucket)}/${hour}`
    events.push(...ctx.store.find('meter_events', { index: 'bucket', key }))
  }
  const counted = events.filter(({ state }) => state === 'counted' || state === 'canceling')
  if (meter.event_time_window === null) return counted
  const newest = counted.reduce<MeterEvent | null>(
    (last, event) => (last === null || event.order > last.order ? event : last),
    null,
  )
  return newest === null ? [] : [newest]
}

function totalOf(events: readonly MeterEvent[]): Total {
  return events.reduce<Total>(
    (total, { at, order, value }) =>
      plus(total, { sum: value, count: 1, last: { at, order, value } }),
    NOTHING,
  )
}

function plus(a: Total, b: Total): Total {
  return { sum: a.sum + b.sum, count: a.count + b.count, last: later(a.last, b.last) }
}

/** Of two events the one with the later time; of the same time, the one that arrived later. */
function later(a: Total['last'], b: Total['last']): Total['last'] {
  if (a === null || b === null) return a ?? b
  return a.at > b.at || (a.at === b.at && a.order > b.order) ? a : b
}

/**
 * What a customer used of a meter from `start` (inclusive) to `end` (exclusive), by the formula of the meter. May be
 * negative. Reads one bucket for each hour with usage, and single events only in the hours at both ends.
 */
export function usageIn(ctx: Context, meter: Meter, of: Period & { customer: string }): number {
  const seconds = bucketSeconds(meter)
  const key = usageKey({ meter: meter.id, customer: of.customer })
  let total = NOTHING
  for (const bucket of ctx.store.find('meter_usage', { index: 'usage', key })) {
    if (bucket.start >= of.end || bucket.start + seconds <= of.start) continue
    const isWhole = bucket.start >= of.start && bucket.start + seconds <= of.end
    const part = isWhole
      ? bucket
      : totalOf(countedIn(ctx, meter, bucket).filter(({ at }) => at >= of.start && at < of.end))
    total = plus(total, part)
  }
  return byFormula(meter, total)
}

function byFormula(meter: Meter, total: Total): number {
  switch (meter.default_aggregation.formula) {
    case 'count':
      return total.count
    case 'last':
      return total.last?.value ?? 0
    default:
      return total.sum
  }
}

/** The starts of the windows of so many seconds in which there was usage, newest first. */
export function usedWindows(
  ctx: Context,
  meter: Meter,
  of: { customer: string; seconds: number },
): number[] {
  const key = usageKey({ meter: meter.id, customer: of.customer })
  const buckets = ctx.store.find('meter_usage', { index: 'usage', key })
  // A bucket that is longer than a window holds one counted event.
  const isLonger = bucketSeconds(meter) > of.seconds
  const starts = buckets.flatMap(({ start, last }) =>
    last === null ? [] : startOf(isLonger ? last.at : start, of.seconds),
  )
  return [...new Set(starts)].sort((a, b) => b - a)
}
