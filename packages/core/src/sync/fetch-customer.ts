import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { completedSessions, hasOpenedPacks } from '../packs/index.ts'
import { idOf, isMissing } from '../stripe/index.ts'
import { withCurrencyOptions } from './pricing/currency-options.ts'
import type { Discounts } from './pricing/discounts.ts'
import { fetchDiscounts } from './pricing/discounts.ts'

/** What Stripe says about a customer at one moment. */
export interface StripeState {
  subscriptions: readonly Stripe.Subscription[]
  /** With their payments. */
  invoices: readonly Stripe.Invoice[]
  /** What was refunded is in the charges. The payments of an invoice name its charges. */
  charges: readonly Stripe.Charge[]
  /** About the charges that were disputed: a charge says only that it was. */
  disputes?: readonly Stripe.Dispute[]
  /** The prices of the schedules' next phases: a schedule has only their ids. */
  nextPrices?: readonly Stripe.Price[]
  /** The checkout sessions that were completed, where the user ever opened one of a pack. */
  sessions?: readonly Stripe.Checkout.Session[]
  /** A subscription has only the ids of its discounts. */
  discounts?: Discounts
  /** The customer was deleted at Stripe. Its subscriptions ended then, and Stripe lists nothing of it any more. */
  isDeleted?: boolean
}

/** More than any customer has. The client's paging requires a limit. */
const ALL = { limit: 10_000 }
const PAGE = 100

/**
 * Reads everything from Stripe that our rows about a customer are made of. Throws STRIPE_UNAVAILABLE, and STRIPE_REJECTED
 * for a customer that Stripe never had; for one that was deleted there it returns the empty state.
 */
export async function fetchStripeState(ctx: Context, customer: string): Promise<StripeState> {
  try {
    const state = await fetchLists(ctx, customer)
    // An empty state would take everything from a user, so it counts only for a customer that Stripe knows.
    return isEmpty(state) && (await isDeleted(ctx, customer))
      ? { ...state, isDeleted: true }
      : state
  } catch (error) {
    if (!isMissing(error) || !(await isDeleted(ctx, customer))) throw error
    return { subscriptions: [], invoices: [], charges: [], isDeleted: true }
  }
}

function isEmpty({ subscriptions, invoices, charges }: StripeState): boolean {
  return subscriptions.length + invoices.length + charges.length === 0
}

/** Throws STRIPE_REJECTED for a customer that Stripe never had. */
async function isDeleted(ctx: Context, customer: string): Promise<boolean> {
  const found = await ctx.stripe.call((stripe) => stripe.customers.retrieve(customer))
  return found.deleted === true
}

async function fetchLists(ctx: Context, customer: string): Promise<StripeState> {
  const buysPacks = await hasOpenedPacks(ctx.db.pool, customer)
  return ctx.stripe.call(async (stripe) => {
    const [listed, invoices, charges, sessions] = await Promise.all([
      stripe.subscriptions
        .list({ customer, status: 'all', limit: PAGE, expand: ['data.schedule'] })
        .autoPagingToArray(ALL),
      stripe.invoices
        .list({ customer, limit: PAGE, expand: ['data.payments'] })
        .autoPagingToArray(ALL),
      stripe.charges.list({ customer, limit: PAGE }).autoPagingToArray(ALL),
      buysPacks ? completedSessions(stripe, customer) : [],
    ])
    const subscriptions = await withCurrencyOptions(stripe, listed)
    const nextPrices = await Promise.all(
      subscriptions.flatMap((subscription) => {
        const next = nextPhase(subscription)
        return next ? next.prices.map((id) => stripe.prices.retrieve(id)) : []
      }),
    )
    const discounts = await fetchDiscounts(ctx, stripe, subscriptions)
    const disputes = await Promise.all(
      charges
        .filter(({ disputed }) => disputed)
        .map(({ id }) => stripe.disputes.list({ charge: id, limit: PAGE }).autoPagingToArray(ALL)),
    )
    return {
      subscriptions,
      invoices,
      charges,
      disputes: disputes.flat(),
      nextPrices,
      discounts,
      sessions,
    }
  })
}

/** The next phase of a subscription's schedule; null where there is none. */
export function nextPhase({
  schedule,
}: Pick<Stripe.Subscription, 'schedule'>): { startsAt: number; prices: string[] } | null {
  if (schedule === null || typeof schedule === 'string' || !schedule.current_phase) {
    return null
  }
  const end = schedule.current_phase.end_date
  const next = schedule.phases.find(({ start_date }) => start_date >= end)
  if (!next) return null
  const prices = next.items.flatMap(({ price }) => idOf(price) ?? [])
  return { startsAt: next.start_date, prices }
}

/** Stripe's seconds as an instant. */
export function instant(seconds: number): Date
export function instant(seconds: number | null | undefined): Date | null
export function instant(seconds: number | null | undefined): Date | null {
  return seconds === null || seconds === undefined ? null : new Date(seconds * 1_000)
}
