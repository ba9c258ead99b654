import type { PlanId } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'

/** The subscription that counts for a user, as of the last sync. Instants are ISO 8601, UTC. */
export interface Subscription {
  id: string
  /** Null: its price is not of the catalogue; it gives no quota. */
  plan: PlanId | null
  /** Stripe's own word. */
  status: string
  currentPeriodStart: string
  currentPeriodEnd: string
  /** When it ends, if it was cancelled; it gives quota until then. */
  cancelAt: string | null
  trialEnd: string | null
  /** A change under way, and when it happens. */
  pendingPlan: PlanId | null
  pendingAt: string | null
  /** Until when a past_due subscription still gives quota. */
  graceEndsAt: string | null
}

/** The user's subscription, or null where there is none or all have ended. Throws USER_NOT_FOUND. */
export async function getSubscription(
  _ctx: Context,
  _input: { userId: string },
): Promise<Subscription | null> {
  throw new TollgateError('INTERNAL', 'not yet')
}

/**
 * Converges this user with Stripe now, and answers the subscription: at least as new as the call. Safe to
 * repeat. Throws USER_NOT_FOUND, STRIPE_UNAVAILABLE, UNAVAILABLE when another sync of theirs does not end.
 */
export async function syncBilling(
  _ctx: Context,
  _input: { userId: string },
): Promise<Subscription | null> {
  throw new TollgateError('INTERNAL', 'not yet')
}
