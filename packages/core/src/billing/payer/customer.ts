import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { idempotencyKey } from '../../stripe/index.ts'
import type { Payer } from './customer-store.ts'
import { bindCustomer } from './customer-store.ts'

/**
 * The user's Stripe customer, made and bound now if there is none. Before checkout, so that whatever Stripe says
 * later names a customer of ours. Safe to repeat after a crash: the same user and data make the same customer.
 */
export async function ensureCustomer(ctx: Context, payer: Payer): Promise<string> {
  if (payer.customerId !== null) return payer.customerId
  const { userId, email, name } = payer
  const details = { email, ...(name !== null && { name }), metadata: { userId } }
  // Stripe refuses a key that comes back with other data: whoever changes their address gets another key.
  const digest = createHash('sha256').update(JSON.stringify(details)).digest('hex').slice(0, 16)
  const customer = await ctx.stripe.call((stripe) =>
    stripe.customers.create(details, {
      idempotencyKey: idempotencyKey('customer', userId, digest),
    }),
  )
  return bindCustomer(ctx, { userId, customerId: customer.id })
}
