import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { isMissing } from '../stripe/index.ts'

/** The product under an id; null where there is none. Throws STRIPE_UNAVAILABLE. */
export async function findProductById(ctx: Context, id: string): Promise<Stripe.Product | null> {
  try {
    return await ctx.stripe.call((stripe) => stripe.products.retrieve(id))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
