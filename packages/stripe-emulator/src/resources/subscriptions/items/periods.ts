import type { Recurrence } from '../../../core/periods.ts'
import { afterIntervals, cycleAt } from '../../../core/periods.ts'
import type { Price, Subscription, SubscriptionItem } from '../../../documents.ts'
import type { Period } from '../../invoices/line.ts'
import { periodEnd } from '../subscription.ts'

/*
 * Every item is billed at its own interval: it has its own period, and all periods are counted from the one anchor of
 * the subscription. So a yearly item on a monthly subscription is billed once a year (flexible billing mode; Stripe's
 * documentation of mixed intervals).
 */

/** What the periods of a subscription's items depend on. */
export type Cycle = Pick<
  Subscription,
  'billing_cycle_anchor' | 'cancel_at' | 'cancel_at_period_end' | 'status' | 'trial_end'
>

/** The billing interval of a price. */
export function recurrenceOf(price: Price): Recurrence {
  if (price.recurring === null) throw new Error(`${price.id} does not recur`)
  return price.recurring
}

/** The period of an item that joins now: until the end of the trial, or of the cycle that runs. */
export function joiningPeriod(cycle: Cycle, price: Price, now: number): Period {
  return { start: now, end: runningPeriod(cycle, price, now).end }
}

/** The period of the cycle that contains `now`; during a trial, all items have that of the trial. */
export function runningPeriod(cycle: Cycle, price: Price, now: number): Period {
  if (cycle.status === 'trialing' && cycle.trial_end !== null) {
    return { start: now, end: cycle.trial_end }
  }
  const { start, end } = cycleAt(cycle.billing_cycle_anchor, recurrenceOf(price), now)
  return { start, end: endedBy(cycle, end) }
}

/** A scheduled cancellation cuts the period in which it lies. */
export function endedBy(
  {
    cancel_at: at,
    cancel_at_period_end: atPeriodEnd,
  }: Pick<Cycle, 'cancel_at' | 'cancel_at_period_end'>,
  end: number,
): number {
  return at === null || atPeriodEnd ? end : Math.min(at, end)
}

/** All periods of an item from `start` to the one that contains `now`. */
export function periodsSince(
  cycle: Cycle,
  price: Price,
  span: { start: number; now: number },
): Period[] {
  const periods: Period[] = []
  let { start } = span
  do {
    const natural = cycleAt(cycle.billing_cycle_anchor, recurrenceOf(price), start).end
    const end = endedBy(cycle, natural)
    periods.push({ start, end })
    start = end
  } while (start <= span.now)
  return periods
}

/** The share of its full cycle that a span at the end of an item's period has. */
export function shareOfCycle(
  anchor: number,
  item: SubscriptionItem,
  from: number,
): { seconds: number; of: number } {
  const end = item.current_period_end
  const full = cycleAt(anchor, recurrenceOf(item.price), end - 1)
  return {
    seconds: Math.max(0, end - Math.max(from, item.current_period_start)),
    of: full.end - full.start,
  }
}

/** The items at the next renewal: those whose period ends first have their next one, the others keep theirs. */
export function renewedItems(subscription: Subscription): SubscriptionItem[] {
  const now = periodEnd(subscription)
  return subscription.items.data.map((item) => {
    if (item.current_period_end > now) return item
    return { ...item, ...ofPeriod(nextPeriod(subscription, item)) }
  })
}

function nextPeriod(subscription: Subscription, item: SubscriptionItem): Period {
  const start = item.current_period_end
  const { end } = cycleAt(subscription.billing_cycle_anchor, recurrenceOf(item.price), start)
  return { start, end: endedBy(subscription, end) }
}

/** The items in a new period that begins now with a new cycle. */
export function restartedItems(
  items: readonly SubscriptionItem[],
  now: number,
): SubscriptionItem[] {
  return items.map((item) => {
    const end = afterIntervals(now, recurrenceOf(item.price), 1)
    return { ...item, ...ofPeriod({ start: now, end }) }
  })
}

/** The fields of an item for a period. */
export function ofPeriod({ start, end }: Period) {
  return { current_period_start: start, current_period_end: end }
}
