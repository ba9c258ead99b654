import { readPayer } from '../billing/payer/customer-store.ts'
import type { AnyCatalog, PlanOf } from '../catalog/index.ts'
import { isPlan } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { graceEnd } from '../quota/index.ts'
import { syncCustomer } from '../stripe/index.ts'
import { readCurrent } from './subscription-store.ts'

/** The subscription that counts for a user, as of the last sync. Instants are ISO 8601, UTC. */
export interface Subscription<P extends string = string> {
  id: string
  /** Null: its price is not of the catalogue; it gives no quota. */
  plan: P | null
  /** What it costs: of the price that is paid, which may be an earlier one than the plan's on offer. */
  price: { currency: string; unitAmount: number; interval: string }
  /** Stripe's own word. */
  status: string
  currentPeriodStart: string
  currentPeriodEnd: string
  /** When it ends, if it was cancelled; it gives quota until then. */
  cancelAt: string | null
  trialEnd: string | null
  /** A change under way, and when it happens. */
  pendingPlan: P | null
  pendingAt: string | null
  /** Until when a past_due subscription still gives quota. */
  graceEndsAt: string | null
}

/** The user's subscription, or null where there is none or all have ended. Throws USER_NOT_FOUND. */
export async function getSubscription<C extends AnyCatalog>(
  ctx: Context<C>,
  { userId }: { userId: string },
): Promise<Subscription<PlanOf<C>> | null> {
  const row = await readCurrent(ctx, userId)
  if (!row) return null
  const grace = graceEnd(row.status, row.pastDueSince, ctx.settings.pastDueGraceDays)
  return {
    id: row.id,
    plan: planOrNull(ctx.catalog, row.plan),
    price: {
      currency: row.currency,
      unitAmount: Number(row.unitAmount),
      interval: row.interval,
    },
    status: row.status,
    currentPeriodStart: row.currentPeriodStart.toISOString(),
    currentPeriodEnd: row.currentPeriodEnd.toISOString(),
    cancelAt: row.cancelAt?.toISOString() ?? null,
    trialEnd: row.trialEnd?.toISOString() ?? null,
    pendingPlan: planOrNull(ctx.catalog, row.pendingPlan),
    pendingAt: row.pendingAt?.toISOString() ?? null,
    graceEndsAt: grace?.toISOString() ?? null,
  }
}

/**
 * Converges this user with Stripe now, and answers the subscription: at least as new as the call. Safe to
 * repeat. Throws USER_NOT_FOUND, STRIPE_UNAVAILABLE, STRIPE_REJECTED, UNAVAILABLE when another sync of theirs
 * does not end.
 */
export async function syncBilling<C extends AnyCatalog>(
  ctx: Context<C>,
  { userId }: { userId: string },
): Promise<Subscription<PlanOf<C>> | null> {
  const { customerId } = await readPayer(ctx, userId)
  if (customerId !== null) await syncCustomer(ctx, { customerId })
  return getSubscription(ctx, { userId })
}

/** The plan of a row, where the catalogue has it. */
export function planOrNull<C extends AnyCatalog>(
  catalog: C,
  plan: string | null,
): PlanOf<C> | null {
  return plan !== null && isPlan(catalog, plan) ? plan : null
}
