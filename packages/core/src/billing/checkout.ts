import type { PlanId } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'

export interface CheckoutInput {
  userId: string
  plan: PlanId
  /** Where Stripe's page sends the payer back to; on the app's own /billing unless said otherwise. */
  successUrl?: string | undefined
  cancelUrl?: string | undefined
}

/**
 * Opens Stripe's checkout page for a plan. However often and wherever it is called at once, a user has one open
 * session: the same plan answers the same session, another plan expires it first. Throws USER_NOT_FOUND,
 * UNKNOWN_PLAN, ALREADY_SUBSCRIBED, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function createCheckout(
  _ctx: Context,
  _input: CheckoutInput,
): Promise<{ sessionId: string; url: string }> {
  throw new TollgateError('INTERNAL', 'not yet')
}
