import type { AnyCatalog, PlanOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Subscription } from '../subscriptions/index.ts'
import { readCurrent, toSubscription } from '../subscriptions/index.ts'
import { syncCustomer } from '../sync/index.ts'
import { readPayer } from './payer/payer-store.ts'

/** The user's subscription, or null where there is none or all have ended. Throws USER_NOT_FOUND. */
export async function getSubscription<C extends AnyCatalog>(
  { catalog, db, settings }: Context<C>,
  { userId }: { userId: string },
): Promise<Subscription<PlanOf<C>> | null> {
  const row = await readCurrent(db.pool, userId)
  return row && toSubscription(row, { catalog, graceDays: settings.pastDueGraceDays })
}

/**
 * Syncs this user with Stripe now, and returns the subscription as it is then: at least as new as the call. Safe to
 * repeat. Throws USER_NOT_FOUND, STRIPE_UNAVAILABLE, STRIPE_REJECTED, UNAVAILABLE when another sync of theirs does
 * not end.
 */
export async function syncBilling<C extends AnyCatalog>(
  ctx: Context<C>,
  { userId }: { userId: string },
): Promise<Subscription<PlanOf<C>> | null> {
  const { customerId } = await readPayer(ctx.db.pool, userId)
  if (customerId !== null) await syncCustomer(ctx, { customerId })
  return getSubscription(ctx, { userId })
}
