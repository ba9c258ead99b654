import type Stripe from 'stripe'
import type { PlanInterval } from '../catalog/index.ts'
import { priceLookupKey } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { PLAN_MARK } from '../stripe/index.ts'
import { findProductById } from './find-product.ts'

/** Something at Stripe under a name of ours. */
export interface Found<T> {
  object: T
  /** The plan that it names; null: it names none, since somebody else created it. */
  plan: string | null
  /** What it is, for a message. */
  label: string
}

/** The id of a plan's product: a repeat finds it by this, whatever its name is by then. */
export function productIdOf(plan: string): string {
  return `tollgate_${plan}`
}

/** The product under a plan's id; null where there is none. Throws STRIPE_UNAVAILABLE. */
export async function findProduct(
  ctx: Context,
  plan: string,
): Promise<Found<Stripe.Product> | null> {
  const id = productIdOf(plan)
  const object = await findProductById(ctx, id)
  return object && { object, plan: object.metadata[PLAN_MARK] ?? null, label: `the product ${id}` }
}

/** The price with the lookup key of a plan and interval; null where there is none. Throws STRIPE_UNAVAILABLE. */
export async function findPrice(
  ctx: Context,
  { plan, interval }: PlanInterval,
): Promise<Found<Stripe.Price> | null> {
  const key = priceLookupKey(plan, interval)
  const expand = ['data.product', 'data.currency_options']
  const { data } = await ctx.stripe.call((stripe) =>
    stripe.prices.list({ lookup_keys: [key], active: true, limit: 1, expand }),
  )
  const [object] = data
  if (!object) return null
  const label = `the price ${object.id} with the lookup key ${key}`
  return { object, plan: object.metadata[PLAN_MARK] ?? planOfProduct(object.product), label }
}

/** A price without metadata belongs to the plan of its product: by that one's metadata, or by an id of ours. */
function planOfProduct(product: Stripe.Price['product']): string | null {
  if (typeof product === 'string') return /^tollgate_(.+)$/.exec(product)?.[1] ?? null
  const marked = 'metadata' in product ? product.metadata[PLAN_MARK] : undefined
  return marked ?? planOfProduct(product.id)
}

/** Why something under the name of `plan` must not be used for it: it names another plan. Null: it does not. */
export function conflictOf(plan: string, { plan: named, label }: Found<unknown>): string | null {
  if (named === null || named === plan) return null
  return `${label} belongs to ${JSON.stringify(named)}, not to ${JSON.stringify(plan)}`
}

/** Throws VALIDATION where something under the name of `plan` names another plan. */
export function assertNoConflict(plan: string, found: Found<unknown>): void {
  const conflict = conflictOf(plan, found)
  if (conflict === null) return
  const correct = `Correct its metadata.${PLAN_MARK} in Stripe's dashboard`
  throw invalid(
    `plans.${plan}`,
    `${conflict}. Nothing was changed. ${correct}, or choose another id for the plan`,
  )
}
