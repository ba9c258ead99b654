import type Stripe from 'stripe'
import type { CatalogPrice, PlanInterval } from '../../catalog/index.ts'
import { planOf, priceLookupKey, pricesAt } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { TollgateError } from '../../errors.ts'
import { invalid } from '../../errors.ts'
import {
  amountIn,
  configuredPrice,
  offerOf,
  PLAN_MARK,
  rememberPrices,
  toPlanPrice,
  writeOnce,
} from '../../stripe/index.ts'
import type { Found } from '../plan-objects.ts'
import { assertNoConflict, findPrice, productIdOf } from '../plan-objects.ts'
import type { PlannedStep } from './push-step.ts'

/** What a price has to be: an amount in the default currency, and in each further one. */
interface Wanted extends PlanInterval {
  first: CatalogPrice
  others: readonly CatalogPrice[]
}

/**
 * The step for the price of a plan at an interval, under its lookup key; a price that the environment names stays as it
 * is. A currency that the price lacks is added to it; another amount makes a new price, since Stripe changes none of a
 * price that exists, and customers of the old one keep it. Throws VALIDATION where the key is on a price of another plan,
 * or on one that names no plan and would have to be changed.
 */
export async function planPrice(ctx: Context, of: PlanInterval): Promise<PlannedStep> {
  const { plan } = of
  const configured = configuredPrice(ctx, of)
  if (configured !== undefined) return keepConfigured(ctx, plan, configured)
  const wanted = wantedOf(ctx, of)
  const step = { object: 'price', plan, detail: detailOf(wanted) } as const
  const found = await findPrice(ctx, of)
  if (!found) return createStep(ctx, wanted, null)
  assertNoConflict(plan, found)
  const { id } = found.object
  const missing = missingAmounts(found.object, wanted)
  if (missing?.length === 0) return { step: { ...step, action: 'keep', id } }
  if (found.plan === null) throw foreignPrice(plan, found)
  if (missing === null) return createStep(ctx, wanted, found.object)
  return { step: { ...step, action: 'update', id }, apply: () => addCurrencies(ctx, id, missing) }
}

function wantedOf({ catalog }: Context, of: PlanInterval): Wanted {
  const [first, ...others] = pricesAt(planOf(catalog, of.plan), of.interval)
  if (first === undefined) throw new Error(`The plan ${of.plan} is not sold by the ${of.interval}`)
  return { ...of, first, others }
}

function detailOf({ plan, interval, first, others }: Wanted): string {
  const amounts = [first, ...others].map(({ unitAmount, currency }) => `${unitAmount} ${currency}`)
  return `${priceLookupKey(plan, interval)}, ${amounts.join(', ')} a ${interval}`
}

/** The amounts that a price lacks; null where it has another one, or can't be offered at all. */
function missingAmounts(
  price: Stripe.Price,
  { plan, first, others }: Wanted,
): CatalogPrice[] | null {
  const offer = offerOf(plan, price, first)
  if (!('price' in offer) || offer.price.unitAmount !== first.unitAmount) return null
  const has = others.map((each) => ({ each, amount: amountOf(price, each) }))
  const isOther = has.some(({ each, amount }) => amount !== null && amount !== each.unitAmount)
  return isOther ? null : has.flatMap(({ each, amount }) => (amount === null ? [each] : []))
}

/** Null where the price is not sold in that currency; not a number where it is, but for no amount for one. */
function amountOf(price: Stripe.Price, { currency }: CatalogPrice): number | null {
  if (price.currency_options?.[currency] === undefined) return null
  return amountIn(price, currency) ?? Number.NaN
}

async function addCurrencies(
  ctx: Context,
  id: string,
  missing: readonly CatalogPrice[],
): Promise<{ id: string }> {
  const params = { currency_options: optionsOf(missing) }
  await ctx.stripe.call((stripe) => stripe.prices.update(id, params))
  return { id }
}

function optionsOf(prices: readonly CatalogPrice[]): Record<string, { unit_amount: number }> {
  const amounts = prices.map(({ currency, unitAmount }) => [currency, { unit_amount: unitAmount }])
  return Object.fromEntries(amounts)
}

/** A new price would take the lookup key away from a price that somebody else created. */
function foreignPrice(plan: string, { label }: Found<unknown>): TollgateError {
  const message = `${label} has another amount than the catalogue, and names no plan in its metadata. Nothing was changed. Set its metadata.${PLAN_MARK} to ${JSON.stringify(plan)} to have it replaced, or remove the lookup key`
  return invalid(`plans.${plan}`, message)
}

/** The step for a price that the environment names: it stays as it is. `plan` is null where it is of none. */
export async function keepConfigured(
  ctx: Context,
  plan: string | null,
  id: string,
): Promise<PlannedStep> {
  const { currency, unit_amount } = await ctx.stripe.call((stripe) => stripe.prices.retrieve(id))
  const detail = `named by the environment, ${unit_amount ?? '?'} ${currency}`
  return { step: { action: 'keep', object: 'price', plan, id, detail } }
}

function createStep(ctx: Context, wanted: Wanted, before: Stripe.Price | null): PlannedStep {
  const { plan } = wanted
  const old = before && toPlanPrice(plan, before)
  return {
    step: { action: 'create', object: 'price', plan, id: null, detail: detailOf(wanted) },
    apply: async () => {
      // Stored before it loses its lookup key, so that its customers keep the plan.
      if (old) await rememberPrices(ctx.db.pool, [old], ctx.clock.now())
      const { id } = await createPrice(ctx, wanted, before?.id ?? 'none')
      return { id }
    },
  }
}

/** Creates a plan's price. It takes the lookup key over from the price before. */
async function createPrice(ctx: Context, wanted: Wanted, beforeId: string): Promise<Stripe.Price> {
  const { plan, interval, first, others } = wanted
  const { currency, unitAmount } = first
  const params = {
    product: productIdOf(plan),
    currency,
    unit_amount: unitAmount,
    ...(others.length > 0 && { currency_options: optionsOf(others) }),
    recurring: { interval },
    lookup_key: priceLookupKey(plan, interval),
    transfer_lookup_key: true,
    metadata: { [PLAN_MARK]: plan },
  }
  const amounts = others.flatMap((other) => [other.unitAmount, other.currency])
  const price = await writeOnce(ctx, {
    words: ['price', plan, beforeId, unitAmount, currency, interval, ...amounts],
    async find() {
      const found = (await findPrice(ctx, wanted))?.object
      return found && found.id !== beforeId ? found : null
    },
    send: (idempotencyKey) =>
      ctx.stripe.call((stripe) => stripe.prices.create(params, { idempotencyKey })),
  })
  const made = toPlanPrice(plan, price)
  if (made) await rememberPrices(ctx.db.pool, [made], ctx.clock.now())
  return price
}
