import type Stripe from 'stripe'
import type { KnownPrices } from '../stripe/prices/index.ts'
import { planOfPrice } from '../stripe/prices/index.ts'
import { idOf, instant, nextPhase } from './fetch-customer.ts'

/** A row of `subscriptions`, but for whose it is and whether it counts. */
export interface SubscriptionRow {
  id: string
  customer_id: string
  status: string
  price_id: string | null
  plan: string | null
  currency: string
  unit_amount: number
  interval: string
  interval_count: number
  quantity: number
  current_period_start: Date
  current_period_end: Date
  cancel_at: Date | null
  ended_at: Date | null
  trial_end: Date | null
  pending_plan: string | null
  pending_at: Date | null
  schedule_id: string | null
  past_due_since: Date | null
  created_at: Date
}

/**
 * Stripe's subscription as our row. The period is that of the item that is of our catalogue, or of the first one
 * (stripe facts: periods are on the items). `cancel_at` is what counts: the portal sets it without the flag.
 * A change to come is read from the schedule, whoever made that.
 */
export function mapSubscription(
  subscription: Stripe.Subscription,
  invoices: readonly Stripe.Invoice[],
  known: KnownPrices,
): SubscriptionRow {
  const items = subscription.items.data
  const item = items.find(({ price }) => planOfPrice(price, known) !== null) ?? items[0]
  const start = instant(item?.current_period_start ?? subscription.created)
  const plan = item ? planOfPrice(item.price, known) : null
  return {
    id: subscription.id,
    customer_id: idOf(subscription.customer) ?? '',
    status: subscription.status,
    price_id: item?.price.id ?? null,
    plan,
    currency: subscription.currency,
    unit_amount: item?.price.unit_amount ?? 0,
    interval: item?.price.recurring?.interval ?? 'month',
    interval_count: item?.price.recurring?.interval_count ?? 1,
    quantity: item?.quantity ?? 1,
    current_period_start: start,
    current_period_end: instant(item?.current_period_end ?? subscription.created),
    cancel_at: instant(subscription.cancel_at),
    ended_at: instant(subscription.ended_at),
    trial_end: instant(subscription.trial_end),
    ...changeToCome(subscription, plan, known),
    schedule_id: idOf(subscription.schedule),
    past_due_since:
      subscription.status === 'past_due' ? (oldestOpen(subscription.id, invoices) ?? start) : null,
    created_at: instant(subscription.created),
  }
}

/** The plan of the next phase of the schedule, where that is another one of ours. */
function changeToCome(
  subscription: Stripe.Subscription,
  plan: string | null,
  known: KnownPrices,
): Pick<SubscriptionRow, 'pending_plan' | 'pending_at'> {
  const next = nextPhase(subscription)
  const [found] = (next?.prices ?? []).flatMap(
    (id) => planOfPrice({ id, lookup_key: null, metadata: {} }, known) ?? [],
  )
  return next && found !== undefined && found !== plan
    ? { pending_plan: found, pending_at: instant(next.startsAt) }
    : { pending_plan: null, pending_at: null }
}

/** When the subscription's oldest open invoice was finalised, from which its grace counts; null if none is open. */
function oldestOpen(subscriptionId: string, invoices: readonly Stripe.Invoice[]): Date | null {
  const finalized = invoices
    .filter((invoice) => invoice.status === 'open' && subscriptionOf(invoice) === subscriptionId)
    .map((invoice) => invoice.status_transitions.finalized_at ?? invoice.created)
  return finalized.length === 0 ? null : instant(Math.min(...finalized))
}

/** The subscription that an invoice bills. */
export function subscriptionOf(invoice: Stripe.Invoice): string | null {
  return idOf(invoice.parent?.subscription_details?.subscription)
}
