import { invalid, TollgateError } from '../errors.ts'
import type { AnyCatalog, CatalogPrice, Plan, PlanOf } from './catalog.ts'
import { notOneOf, planOf } from './catalog.ts'
import type { Interval } from './definition.ts'

/** A plan as it is paid: by the month or by the year. It has one price at Stripe, with an amount in each currency. */
export interface PlanInterval {
  plan: string
  interval: Interval
}

/** What a plan costs at an interval, in the default currency first; nothing where it is not sold so. */
export function pricesAt({ prices }: Plan, interval: Interval): CatalogPrice[] {
  return prices.filter((price) => price.interval === interval)
}

/** What users have whose subscription gives no quota, or who have none. Null: nothing. */
export function freePlan<C extends AnyCatalog>(catalog: C): PlanOf<C> | null {
  return catalog.planIds.find((id) => planOf(catalog, id).prices.length === 0) ?? null
}

/** The plans that a customer may buy, in the catalogue's order: neither free nor retired. */
export function offeredPlans<C extends AnyCatalog>(catalog: C): PlanOf<C>[] {
  return catalog.planIds.filter((id) => {
    const { retired, prices } = planOf(catalog, id)
    return !retired && prices.length > 0
  })
}

/** All that a customer may buy: each plan on offer, at each of its intervals. */
export function offeredIntervals(catalog: AnyCatalog): PlanInterval[] {
  return offeredPlans(catalog).flatMap((plan) =>
    intervalsOf(planOf(catalog, plan)).map((interval) => ({ plan, interval })),
  )
}

function intervalsOf({ prices }: Plan): Interval[] {
  return [...new Set(prices.map(({ interval }) => interval))]
}

/**
 * Throws for a plan that nobody can buy: UNKNOWN_PLAN for one that is retired or not in the catalogue, VALIDATION for
 * the free one.
 */
export function checkOffered(catalog: AnyCatalog, plan: string): void {
  if (plan === freePlan(catalog)) {
    throw invalid(
      'plan',
      `${planOf(catalog, plan).name} is free: whoever has no subscription has it`,
    )
  }
  const offered = offeredPlans(catalog)
  if (offered.includes(plan)) return
  throw new TollgateError('UNKNOWN_PLAN', notOneOf('plan', plan, offered))
}

/**
 * The interval at which a plan is asked for: that of its default price, where none is named. Throws VALIDATION for one
 * at which the plan is not sold.
 */
export function intervalOf(
  catalog: AnyCatalog,
  plan: string,
  asked: Interval | undefined,
): Interval {
  const { name, prices } = planOf(catalog, plan)
  const interval = asked ?? prices[0]?.interval ?? 'month'
  if (prices.some((price) => price.interval === interval)) return interval
  throw invalid('interval', `${name} is not sold by the ${interval}`)
}

/** Throws VALIDATION for a currency in which a plan is not sold. */
export function checkCurrency(catalog: AnyCatalog, plan: string, currency: string): void {
  const { name, prices } = planOf(catalog, plan)
  if (prices.some((price) => price.currency === currency)) return
  throw invalid('currency', `${name} is not sold in ${JSON.stringify(currency)}`)
}
