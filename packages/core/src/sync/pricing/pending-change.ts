import type Stripe from 'stripe'
import type { KnownPrices } from '../../stripe/index.ts'
import { planOfPrice } from '../../stripe/index.ts'
import { instant, nextPhase } from '../fetch-customer.ts'

/** The columns of a subscription's row that say what it changes to, and when. */
export interface PendingColumns {
  pending_plan: string | null
  pending_interval: string | null
  pending_at: Date | null
}

interface PlanPaid {
  plan: string | null
  interval: string
}

/** What is paid for with each of these prices that is one of ours. */
export function planPrices(
  prices: readonly Stripe.Price[],
  known: KnownPrices,
): ReadonlyMap<string, PlanPaid> {
  const paid = prices.flatMap((price) => {
    const plan = planOfPrice(price, known)
    const interval = price.recurring?.interval ?? 'month'
    return plan === null ? [] : [[price.id, { plan, interval }] as const]
  })
  return new Map(paid)
}

/** The plan and interval of the schedule's next phase, where that is another plan of ours, or another interval. */
export function pendingChange(
  subscription: Stripe.Subscription,
  now: PlanPaid,
  prices: ReadonlyMap<string, PlanPaid>,
): PendingColumns {
  const next = nextPhase(subscription)
  const [then] = (next?.prices ?? []).flatMap((id) => prices.get(id) ?? [])
  const isChange = then && (then.plan !== now.plan || then.interval !== now.interval)
  return next && isChange
    ? {
        pending_plan: then.plan,
        pending_interval: then.interval,
        pending_at: instant(next.startsAt),
      }
    : { pending_plan: null, pending_interval: null, pending_at: null }
}
