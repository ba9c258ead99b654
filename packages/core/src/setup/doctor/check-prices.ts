import type { CatalogPrice, PlanInterval } from '../../catalog/index.ts'
import {
  offeredIntervals,
  planOf,
  priceLookupKey,
  pricesAt,
  priceVariable,
} from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { Offer, PlanPrice } from '../../stripe/index.ts'
import { configuredPrice, currentPrices, PLAN_MARK } from '../../stripe/index.ts'
import { conflictOf, findPrice, findProduct } from '../plan-objects.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

const PUSH = 'Run: tollgate plans push'
const CORRECT = `Correct its metadata.${PLAN_MARK} in Stripe's dashboard, then run: tollgate plans push`

/**
 * One check for each plan on offer and each of its intervals. An amount that differs from the catalogue's is no problem:
 * the operator may want that. A price that can't be offered as what the catalogue says is one, since the plan is not on
 * offer then; so is a currency that it lacks, and a product or price under the plan's name that belongs to another plan.
 */
export async function checkPrices(ctx: Context): Promise<Finding[]> {
  const prices = await currentPrices(ctx)
  const findings: Finding[] = []
  for (const of of offeredIntervals(ctx.catalog)) {
    const conflict = configuredPrice(ctx, of) === undefined ? await findConflict(ctx, of) : null
    const offer = prices.get(priceLookupKey(of.plan, of.interval))
    findings.push(checkPrice(ctx, of, { offer, conflict }))
  }
  return findings
}

async function findConflict(ctx: Context, of: PlanInterval): Promise<string | null> {
  const found = [await findProduct(ctx, of.plan), await findPrice(ctx, of)]
  const conflicts = found.map((each) => each && conflictOf(of.plan, each))
  return conflicts.find((each) => each !== null) ?? null
}

function checkPrice(
  ctx: Context,
  of: PlanInterval,
  { offer, conflict }: { offer: Offer | undefined; conflict: string | null },
): Finding {
  const name = nameOf(ctx, of)
  const declared = pricesAt(planOf(ctx.catalog, of.plan), of.interval)
  const fix = fixFor(ctx, of, declared)
  if (conflict !== null) return problem(name, conflict, CORRECT)
  if (!offer) {
    const id = configuredPrice(ctx, of)
    return problem(name, id === undefined ? 'Stripe has none' : `Stripe has no ${id}`, fix)
  }
  if ('refused' in offer) return problem(name, `not offered: ${offer.refused}`, fix)
  const { price } = offer
  const lacks = declared.filter((each) => amountIn(price, each) === undefined)
  if (lacks.length > 0) {
    const currencies = lacks.map(({ currency }) => currency).join(', ')
    return problem(name, `${price.id} has no amount in ${currencies}`, fix)
  }
  const says = `${price.unitAmount} ${price.currency} a ${price.interval}, ${price.id}`
  const other = declared.filter((each) => amountIn(price, each) !== each.unitAmount)
  if (other.length === 0) return ok(name, says)
  const amounts = other.map(({ unitAmount, currency }) => `${unitAmount} ${currency}`).join(', ')
  return ok(name, `${says}; the catalogue says ${amounts} a ${of.interval}`)
}

/** The interval is named where the plan has another one. */
function nameOf({ catalog }: Context, { plan, interval }: PlanInterval): string {
  const isOnly = planOf(catalog, plan).prices.every((price) => price.interval === interval)
  return isOnly ? `price of ${plan}` : `price of ${plan} by the ${interval}`
}

function amountIn(price: PlanPrice, { currency }: CatalogPrice): number | undefined {
  return currency === price.currency ? price.unitAmount : price.otherAmounts[currency]
}

function fixFor(ctx: Context, of: PlanInterval, declared: readonly CatalogPrice[]): string {
  if (configuredPrice(ctx, of) === undefined) return PUSH
  const variable = priceVariable(of.plan, of.interval)
  const currencies = declared.map(({ currency }) => currency).join(', ')
  return `Set ${variable} to an active price in ${currencies} a ${of.interval}, or leave it out.`
}
