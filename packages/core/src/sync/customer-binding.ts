import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { isMissing } from '../stripe/stripe-error.ts'
import { bindUnbound } from './customer-binding-store.ts'

/**
 * Finds out whose a customer is that nobody is bound to, and binds it: to the user that the customer's own
 * metadata names, if that user has no other customer. Never by e-mail address. Null where it is nobody's of
 * ours. Safe to repeat. Throws STRIPE_UNAVAILABLE.
 */
export async function adoptCustomer(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<string | null> {
  const userId = namedUser(await findCustomer(ctx, customerId))
  if (userId === undefined || !(await bindUnbound(ctx, { userId, customerId }))) return null
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
