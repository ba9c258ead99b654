import type { Price, Subscription, SubscriptionItem } from '../../../documents.ts'
import type { Period } from '../../invoices/line.ts'
import type { Cycle } from '../items/periods.ts'
import { ofPeriod, periodsSince } from '../items/periods.ts'
import { newItem } from '../subscription.ts'

/** When a new subscription starts, and how its billing cycle lies. In seconds. */
export interface Start {
  /** Now, or an earlier instant that it is backdated to. */
  at: number
  now: number
  anchor: number
  /** The end of the trial; null: none. */
  trialEnd: number | null
  /** A cancellation that is scheduled at an instant; null: none. */
  cancelAt: number | null
  /** Whether a first period that is not a whole one, or lies in the past, is charged. */
  prorate: boolean
}

/** A new item, and the periods that the first invoice charges. */
export interface FirstItem {
  item: SubscriptionItem
  charged: Period[]
}

/**
 * A new item in its first period. A backdated one has passed through periods: each is charged by a line of its own
 * (Stripe's documentation of backdating, flexible billing mode).
 */
export function firstItem(
  of: { price: Price; quantity: number; metadata: Record<string, string> },
  place: { subscription: string; start: Start },
): FirstItem {
  const { start } = place
  const cycle = cycleOf(start)
  const periods =
    start.trialEnd === null
      ? periodsSince(cycle, of.price, { start: start.at, now: start.now })
      : [{ start: start.at, end: start.trialEnd }]
  const [first] = periods
  const period = periods.at(-1) ?? first
  if (period === undefined) throw new Error(`${of.price.id} has no period`)
  const item = newItem(of, { subscription: place.subscription, period, created: start.now })
  return { item, charged: periods }
}

/** An item as it was in one of its first periods. */
export function inPeriod({ item }: FirstItem, period: Period): SubscriptionItem {
  return { ...item, ...ofPeriod(period) }
}

function cycleOf(start: Start): Cycle {
  const status: Subscription['status'] = start.trialEnd === null ? 'active' : 'trialing'
  return {
    billing_cycle_anchor: start.anchor,
    cancel_at: start.cancelAt,
    cancel_at_period_end: false,
    status,
    trial_end: start.trialEnd,
  }
}
