import type Stripe from 'stripe'
import type { PlanId } from '../catalog/index.ts'
import { catalog } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { lookupKeyOf, rememberPrices, toPlanPrice } from './prices/index.ts'
import { isMissing } from './stripe-error.ts'

/** One thing that `pushPlans` did, or would do. */
export interface PushStep {
  action: 'create' | 'update' | 'keep'
  object: 'product' | 'price'
  plan: PlanId
  /** Stripe's id; null for one that a dry run would create. */
  id: string | null
  /** What it is for, as a line for the operator. */
  detail: string
}

/**
 * Makes Stripe sell what the catalogue says: a product a plan, and its price under the lookup key
 * `tollgate_<plan>`. A new amount makes a new price; who pays the old one stays on it, and keeps the plan. A
 * price that the environment names is left alone. Safe to repeat. Throws STRIPE_REJECTED, STRIPE_UNAVAILABLE.
 */
export async function pushPlans(
  ctx: Context,
  { dryRun }: { dryRun: boolean },
): Promise<PushStep[]> {
  const steps: PushStep[] = []
  for (const plan of catalog.planIds) {
    if (ctx.settings.priceIds[plan] !== undefined) {
      steps.push(await keepConfigured(ctx, plan, ctx.settings.priceIds[plan]))
      continue
    }
    steps.push(await pushProduct(ctx, plan, dryRun))
    steps.push(await pushPrice(ctx, plan, dryRun))
  }
  return steps
}

/** Ours by its id, so that a repeat finds it whatever it is called by then. */
function productIdOf(plan: PlanId): string {
  return `tollgate_${plan}`
}

async function keepConfigured(ctx: Context, plan: PlanId, id: string): Promise<PushStep> {
  const { currency, unit_amount } = await ctx.stripe.call((stripe) => stripe.prices.retrieve(id))
  const detail = `named by the environment, ${unit_amount ?? '?'} ${currency}`
  return { action: 'keep', object: 'price', plan, id, detail }
}

async function pushProduct(ctx: Context, plan: PlanId, dryRun: boolean): Promise<PushStep> {
  const { name, description } = catalog.plans[plan]
  const id = productIdOf(plan)
  const step = { object: 'product', plan, id, detail: name } as const
  const found = await findProduct(ctx, id)
  if (!found) {
    const params = { id, name, description, metadata: { tollgate_plan: plan } }
    const once = { idempotencyKey: idempotencyKey('product', id, name, description) }
    if (!dryRun) await ctx.stripe.call((stripe) => stripe.products.create(params, once))
    return { ...step, action: 'create' }
  }
  if (found.name === name && found.description === description && found.active) {
    return { ...step, action: 'keep' }
  }
  const params = { name, description, active: true }
  if (!dryRun) await ctx.stripe.call((stripe) => stripe.products.update(id, params))
  return { ...step, action: 'update' }
}

async function findProduct(ctx: Context, id: string): Promise<Stripe.Product | null> {
  try {
    return await ctx.stripe.call((stripe) => stripe.products.retrieve(id))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

async function pushPrice(ctx: Context, plan: PlanId, dryRun: boolean): Promise<PushStep> {
  const { currency, unitAmount, interval } = catalog.plans[plan]
  const key = lookupKeyOf(plan)
  const detail = `${key}, ${unitAmount} ${currency} a ${interval}`
  const { data } = await ctx.stripe.call((stripe) =>
    stripe.prices.list({ lookup_keys: [key], active: true, limit: 1 }),
  )
  const before = data[0]
  const old = before && toPlanPrice(plan, before)
  if (
    old &&
    old.currency === currency &&
    old.unitAmount === unitAmount &&
    old.interval === interval
  ) {
    return { action: 'keep', object: 'price', plan, id: old.id, detail }
  }
  const create = { action: 'create', object: 'price', plan, detail } as const
  if (dryRun) return { ...create, id: null }
  // Remembered before it loses its lookup key, so that who pays it keeps the plan.
  if (old) await rememberPrices(ctx.db.pool, [old], ctx.clock.now())
  const price = await createPrice(ctx, plan, before?.id ?? 'none')
  return { ...create, id: price.id }
}

/** Takes the lookup key over from the price before. */
async function createPrice(ctx: Context, plan: PlanId, beforeId: string): Promise<Stripe.Price> {
  const { currency, unitAmount, interval } = catalog.plans[plan]
  const price = await ctx.stripe.call((stripe) =>
    stripe.prices.create(
      {
        product: productIdOf(plan),
        currency,
        unit_amount: unitAmount,
        recurring: { interval },
        lookup_key: lookupKeyOf(plan),
        transfer_lookup_key: true,
        metadata: { tollgate_plan: plan },
      },
      { idempotencyKey: idempotencyKey('price', plan, beforeId, unitAmount, currency, interval) },
    ),
  )
  const made = toPlanPrice(plan, price)
  if (made) await rememberPrices(ctx.db.pool, [made], ctx.clock.now())
  return price
}
