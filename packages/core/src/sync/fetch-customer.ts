import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { isMissing } from '../stripe/stripe-error.ts'

/** What Stripe says of a customer at one moment. */
export interface CustomerTruth {
  subscriptions: readonly Stripe.Subscription[]
  /** With their payments. */
  invoices: readonly Stripe.Invoice[]
  /** They tell what was refunded, and through the payments of an invoice of which one. */
  charges: readonly Stripe.Charge[]
  /** Those that schedules lead to next: a schedule names them by their ids. */
  nextPrices?: readonly Stripe.Price[]
  /** The customer was deleted at Stripe, which lists nothing of it any more: its subscriptions ended with it. */
  isGone?: boolean
}

/** More than any customer has; the client's paging asks for an end. */
const ALL = { limit: 10_000 }
const PAGE = 100

/**
 * Asks Stripe for everything that our rows about a customer are made of. Throws STRIPE_UNAVAILABLE, and
 * STRIPE_REJECTED for a customer that Stripe never had; one that was deleted there has ended.
 */
export async function fetchTruth(ctx: Context, customer: string): Promise<CustomerTruth> {
  try {
    const truth = await fetchLists(ctx, customer)
    // That there is nothing is believed of a customer alone whom Stripe knows: it would take everything from them.
    return isEmpty(truth) && (await isDeleted(ctx, customer)) ? { ...truth, isGone: true } : truth
  } catch (error) {
    if (!isMissing(error) || !(await isDeleted(ctx, customer))) throw error
    return { subscriptions: [], invoices: [], charges: [], isGone: true }
  }
}

function isEmpty({ subscriptions, invoices, charges }: CustomerTruth): boolean {
  return subscriptions.length + invoices.length + charges.length === 0
}

/** Throws STRIPE_REJECTED for a customer that Stripe never had. */
async function isDeleted(ctx: Context, customer: string): Promise<boolean> {
  const found = await ctx.stripe.call((stripe) => stripe.customers.retrieve(customer))
  return found.deleted === true
}

async function fetchLists(ctx: Context, customer: string): Promise<CustomerTruth> {
  return ctx.stripe.call(async (stripe) => {
    const [subscriptions, invoices, charges] = await Promise.all([
      stripe.subscriptions
        .list({ customer, status: 'all', limit: PAGE, expand: ['data.schedule'] })
        .autoPagingToArray(ALL),
      stripe.invoices
        .list({ customer, limit: PAGE, expand: ['data.payments'] })
        .autoPagingToArray(ALL),
      stripe.charges.list({ customer, limit: PAGE }).autoPagingToArray(ALL),
    ])
    const nextPrices = await Promise.all(
      subscriptions.flatMap((subscription) => {
        const next = nextPhase(subscription)
        return next ? next.prices.map((id) => stripe.prices.retrieve(id)) : []
      }),
    )
    return { subscriptions, invoices, charges, nextPrices }
  })
}

/** The phase that follows in a subscription's schedule, if one does. */
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

/** The id of what Stripe gives as an id, or whole where it was expanded. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null
  return typeof reference === 'string' ? reference : reference.id
}

/** Stripe's seconds as an instant. */
export function instant(seconds: number): Date
export function instant(seconds: number | null | undefined): Date | null
export function instant(seconds: number | null | undefined): Date | null {
  return seconds === null || seconds === undefined ? null : new Date(seconds * 1_000)
}
