import type Stripe from 'stripe'
import type { CatalogPrice } from '../../catalog/index.ts'
import { defaultPrice, planOf, priceLookupKey } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import {
  configuredPrice,
  idempotencyKey,
  isMissing,
  rememberPrices,
  toPlanPrice,
} from '../../stripe/index.ts'
import type { PlannedStep } from './push-step.ts'

/** The product of a plan: ours by its id, so that a repeat finds it whatever it is called by then. */
export async function planProduct(ctx: Context, plan: string): Promise<PlannedStep> {
  const { name, description } = planOf(ctx.catalog, plan)
  const id = productIdOf(plan)
  const step = { object: 'product', plan, id, detail: name } as const
  const found = await findProduct(ctx, id)
  if (!found) {
    const params = { id, name, description, metadata: { tollgate_plan: plan } }
    const once = { idempotencyKey: idempotencyKey('product', id, name, description) }
    return {
      step: { ...step, action: 'create' },
      apply: async () => {
        await ctx.stripe.call((stripe) => stripe.products.create(params, once))
        return {}
      },
    }
  }
  if (found.name === name && found.description === description && found.active) {
    return { step: { ...step, action: 'keep' } }
  }
  return {
    step: { ...step, action: 'update' },
    apply: async () => {
      const params = { name, description, active: true }
      await ctx.stripe.call((stripe) => stripe.products.update(id, params))
      return {}
    },
  }
}

/** The price of a plan, under its lookup key; one that the environment names stays as it is. */
export async function planPrice(ctx: Context, plan: string): Promise<PlannedStep> {
  const configured = configuredPrice(ctx, plan)
  if (configured !== undefined) return keepConfigured(ctx, plan, configured)
  const { currency, unitAmount, interval } = soldAt(ctx, plan)
  const key = priceLookupKey(plan, interval)
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
    return { step: { action: 'keep', object: 'price', plan, id: old.id, detail } }
  }
  return {
    step: { action: 'create', object: 'price', plan, id: null, detail },
    apply: async () => {
      // Stored before it loses its lookup key, so that its customers keep the plan.
      if (old) await rememberPrices(ctx.db.pool, [old], ctx.clock.now())
      const { id } = await createPrice(ctx, plan, before?.id ?? 'none')
      return { id }
    },
  }
}

function soldAt(ctx: Context, plan: string): CatalogPrice {
  const price = defaultPrice(planOf(ctx.catalog, plan))
  if (price === undefined) throw new Error(`The plan ${plan} has no price`)
  return price
}

function productIdOf(plan: string): string {
  return `tollgate_${plan}`
}

async function keepConfigured(ctx: Context, plan: string, id: string): Promise<PlannedStep> {
  const { currency, unit_amount } = await ctx.stripe.call((stripe) => stripe.prices.retrieve(id))
  const detail = `named by the environment, ${unit_amount ?? '?'} ${currency}`
  return { step: { action: 'keep', object: 'price', plan, id, detail } }
}

async function findProduct(ctx: Context, id: string): Promise<Stripe.Product | null> {
  try {
    return await ctx.stripe.call((stripe) => stripe.products.retrieve(id))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Takes the lookup key over from the price before. */
async function createPrice(ctx: Context, plan: string, beforeId: string): Promise<Stripe.Price> {
  const { currency, unitAmount, interval } = soldAt(ctx, plan)
  const price = await ctx.stripe.call((stripe) =>
    stripe.prices.create(
      {
        product: productIdOf(plan),
        currency,
        unit_amount: unitAmount,
        recurring: { interval },
        lookup_key: priceLookupKey(plan, interval),
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
