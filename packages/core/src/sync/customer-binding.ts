import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { isMissing } from '../stripe/index.ts'
import { bindUnbound } from './sync-store.ts'

/**
 * Binds a customer that is bound to no user: to the user that the customer's own metadata names, if that user has no
 * other customer. Never by e-mail address. Returns the user's id; null where there is no such user, and then the
 * customer stays unknown. Safe to repeat. Throws STRIPE_UNAVAILABLE.
 */
export async function adoptCustomer(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<string | null> {
  const userId = namedUser(await findCustomer(ctx, customerId))
  if (userId === undefined) return null
  const isBound = await bindUnbound(ctx.db.pool, { userId, customerId, now: ctx.clock.now() })
  if (!isBound) return null
  ctx.log.info({ userId, customerId }, 'a customer was bound to the user that Stripe names')
  return userId
}

/** The user that a customer's metadata names. */
export function namedUser(
  customer: Stripe.Customer | Stripe.DeletedCustomer | null,
): string | undefined {
  return customer === null || customer.deleted ? undefined : customer.metadata['userId']
}

async function findCustomer(ctx: Context, id: string) {
  try {
    return await ctx.stripe.call((stripe) => stripe.customers.retrieve(id))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
