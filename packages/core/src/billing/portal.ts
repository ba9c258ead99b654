import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'

/**
 * Opens Stripe's customer portal: payment methods, invoices, cancelling. Throws USER_NOT_FOUND, NO_SUBSCRIPTION
 * for a user who never went to checkout, STRIPE_REJECTED, STRIPE_UNAVAILABLE.
 */
export async function createPortalSession(
  _ctx: Context,
  _input: { userId: string; returnUrl?: string | undefined },
): Promise<{ url: string }> {
  throw new TollgateError('INTERNAL', 'not yet')
}
