import type Stripe from 'stripe'
import type { CatalogPrice } from '../../catalog/index.ts'
import { defaultPrice, planOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { TollgateError } from '../../errors.ts'
import { invalid } from '../../errors.ts'
import {
  configuredPrice,
  lookupKeyOf,
  offerOf,
  PLAN_MARK,
  rememberPrices,
  toPlanPrice,
  writeOnce,
} from '../../stripe/index.ts'
import type { Found } from '../plan-objects.ts'
import { conflictOf, findPrice, findProduct, productIdOf } from '../plan-objects.ts'
import type { PlannedStep } from './push-step.ts'

/** The step for a plan's product. Throws VALIDATION where the product names another plan. */
export async function planProduct(ctx: Context, plan: string): Promise<PlannedStep> {
  const { name, description } = planOf(ctx.catalog, plan)
  const id = productIdOf(plan)
  const metadata = { [PLAN_MARK]: plan }
  const step = { object: 'product', plan, id, detail: name } as const
  const found = await findProduct(ctx, plan)
  if (!found) {
    const params = { id, name, description, metadata }
    return {
      step: { ...step, action: 'create' },
      apply: async () => {
        await writeOnce(ctx, {
          words: ['product', id, name, description],
          find: async () => (await findProduct(ctx, plan))?.object ?? null,
          send: (idempotencyKey) =>
            ctx.stripe.call((stripe) => stripe.products.create(params, { idempotencyKey })),
        })
        return {}
      },
    }
  }
  assertNoConflict(plan, found)
  const { object } = found
  const isSame = object.name === name && object.description === description
  if (isSame && object.active && found.plan !== null) return { step: { ...step, action: 'keep' } }
  return {
    step: { ...step, action: 'update' },
    apply: async () => {
      const params = { name, description, active: true, metadata }
      await ctx.stripe.call((stripe) => stripe.products.update(id, params))
      return {}
    },
  }
}

/**
 * The step for a plan's price, under its lookup key; a price that the environment names stays as it is. Throws VALIDATION
 * where the key is on a price of another plan, or on one that names no plan and has to be replaced.
 */
export async function planPrice(ctx: Context, plan: string): Promise<PlannedStep> {
  const configured = configuredPrice(ctx, plan)
  if (configured !== undefined) return keepConfigured(ctx, plan, configured)
  const { currency, unitAmount, interval } = soldAt(ctx, plan)
  const detail = `${lookupKeyOf(ctx, plan)}, ${unitAmount} ${currency} a ${interval}`
  const found = await findPrice(ctx, plan)
  if (found) assertNoConflict(plan, found)
  const before = found?.object
  const old = before && toPlanPrice(plan, before)
  const offer = before && offerOf(plan, before, { currency, interval })
  if (offer && 'price' in offer && offer.price.unitAmount === unitAmount) {
    return { step: { action: 'keep', object: 'price', plan, id: offer.price.id, detail } }
  }
  if (found?.plan === null) throw foreignPrice(plan, found)
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

function assertNoConflict(plan: string, found: Found<unknown>): void {
  const conflict = conflictOf(plan, found)
  if (conflict === null) return
  throw invalid(
    `plans.${plan}`,
    `${conflict}. Nothing was changed. ${CORRECT}, or choose another id for the plan`,
  )
}

/** A new price would take the lookup key away from a price that somebody else created. */
function foreignPrice(plan: string, { label }: Found<unknown>): TollgateError {
  const message = `${label} has another amount than the catalogue, and names no plan in its metadata. Nothing was changed. Set its metadata.${PLAN_MARK} to ${JSON.stringify(plan)} to have it replaced, or remove the lookup key`
  return invalid(`plans.${plan}`, message)
}

const CORRECT = `Correct its metadata.${PLAN_MARK} in Stripe's dashboard`

async function keepConfigured(ctx: Context, plan: string, id: string): Promise<PlannedStep> {
  const { currency, unit_amount } = await ctx.stripe.call((stripe) => stripe.prices.retrieve(id))
  const detail = `named by the environment, ${unit_amount ?? '?'} ${currency}`
  return { step: { action: 'keep', object: 'price', plan, id, detail } }
}

/** Creates a plan's price. It takes the lookup key over from the price before. */
async function createPrice(ctx: Context, plan: string, beforeId: string): Promise<Stripe.Price> {
  const { currency, unitAmount, interval } = soldAt(ctx, plan)
  const params = {
    product: productIdOf(plan),
    currency,
    unit_amount: unitAmount,
    recurring: { interval },
    lookup_key: lookupKeyOf(ctx, plan),
    transfer_lookup_key: true,
    metadata: { [PLAN_MARK]: plan },
  }
  const price = await writeOnce(ctx, {
    words: ['price', plan, beforeId, unitAmount, currency, interval],
    async find() {
      const found = (await findPrice(ctx, plan))?.object
      return found && found.id !== beforeId ? found : null
    },
    send: (idempotencyKey) =>
      ctx.stripe.call((stripe) => stripe.prices.create(params, { idempotencyKey })),
  })
  const made = toPlanPrice(plan, price)
  if (made) await rememberPrices(ctx.db.pool, [made], ctx.clock.now())
  return price
}
