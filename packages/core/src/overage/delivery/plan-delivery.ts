import type { PeriodState } from './period-invoice.ts'

const HOUR_MS = 3_600_000
/** Stripe takes a time of the last 35 days (docs/stripe.md, fact 14). */
const OLDEST_MS = 35 * 24 * HOUR_MS - HOUR_MS

export interface ToDeliver {
  /** Units that are in no delivery yet; below 0: a correction. Never 0. */
  due: number
  /** What of this hour was delivered to the item that the subscription has now. */
  deliveredToItem: number
  hour: Date
  periodStart: Date
  /** When the item began; null: the subscription has none any more. */
  itemSince: Date | null
  period: PeriodState
  now: Date
}

/** What is sent, or told to the operator because it came too late. */
export interface PlannedDelivery {
  units: number
  occurredAt: Date
  state: 'pending' | 'unbilled' | 'refund_due'
}

/**
 * The next delivery of an hour's sales. Its time is within the hour, within the billing period, and not before the item of
 * now where that began in this hour: so Stripe bills it in the period, at the price at which it was sold. A correction of
 * what was billed by an item that is gone, or of a period that was invoiced, can't be sent.
 */
export function planDelivery(of: ToDeliver): PlannedDelivery {
  const { due, deliveredToItem, period, now } = of
  const occurredAt = timeOf(of)
  const isLate = !period.isOpen || now.getTime() - occurredAt.getTime() > OLDEST_MS
  if (due > 0) return { units: due, occurredAt, state: isLate ? 'unbilled' : 'pending' }
  if (isLate || deliveredToItem <= 0) return { units: due, occurredAt, state: 'refund_due' }
  return { units: Math.max(due, -deliveredToItem), occurredAt, state: 'pending' }
}

function timeOf({ hour, periodStart, itemSince }: ToDeliver): Date {
  const start = Math.max(hour.getTime(), periodStart.getTime())
  const since = itemSince?.getTime() ?? 0
  const beganInHour = since < hour.getTime() + HOUR_MS
  return new Date(beganInHour ? Math.max(start, since) : start)
}
