import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import { portalConfiguration } from '../stripe/index.ts'
import { findCustomer } from './payer/customer.ts'
import { readPayer } from './payer/payer-store.ts'

/**
 * Opens Stripe's customer portal: payment methods, invoices, cancelling. Throws USER_NOT_FOUND, NO_SUBSCRIPTION for a
 * user who never went to checkout or whose customer was deleted at Stripe, STRIPE_REJECTED, STRIPE_UNAVAILABLE.
 */
export async function createPortalSession(
  ctx: Context,
  input: { userId: string; returnUrl?: string | undefined },
): Promise<{ url: string }> {
  const customerId = await findCustomer(ctx, await readPayer(ctx.db.pool, input.userId))
  if (customerId === null) {
    throw new TollgateError(
      'NO_SUBSCRIPTION',
      'There is nothing to manage yet. Choose a plan first.',
    )
  }
  const returnUrl = input.returnUrl ?? `${ctx.settings.appUrl}/billing`
  const configuration = await portalConfiguration(ctx)
  const session = await ctx.stripe.call((stripe) =>
    stripe.billingPortal.sessions.create({
      customer: customerId,
      return_url: returnUrl,
      ...(configuration !== null && { configuration }),
    }),
  )
  return { url: session.url }
}
