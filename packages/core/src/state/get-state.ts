import { getSubscription } from '../billing/index.ts'
import type { AnyCatalog, MeterOf, PlanOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Grant } from '../credits/index.ts'
import { listGrants } from '../credits/index.ts'
import { userNotFound } from '../errors.ts'
import type { FeatureValues } from '../features/index.ts'
import { getFeatures } from '../features/index.ts'
import { readAlerts } from '../outgoing/index.ts'
import type { Balance } from '../quota/index.ts'
import { balanceOf, planAt, quotaRules } from '../quota/index.ts'
import { readEntitled } from '../quota/verbs.ts'
import type { Subscription } from '../subscriptions/index.ts'
import { planOrNull, readCurrent } from '../subscriptions/index.ts'
import { checkText } from '../text.ts'

/** A threshold of the catalogue's `alerts` that was reached in the window of now, and when it was last. */
export interface Alert<M extends string = string> {
  meter: M
  /** A share of the limit. */
  threshold: number
  /** ISO 8601, UTC. */
  at: string
  periodStart: string
}

/** All that a sibling app decides by. */
export interface State<C extends AnyCatalog = AnyCatalog> {
  subscription: Subscription<PlanOf<C>> | null
  /** What the user has now: of a subscription that gives quota, else the free plan. Null: none. */
  plan: PlanOf<C> | null
  features: FeatureValues<C>
  /** In the catalogue's order, each in its window of now. */
  meters: Balance<MeterOf<C>>[]
  grants: Grant<MeterOf<C>>[]
  alerts: Alert<MeterOf<C>>[]
}

/**
 * A user's subscription, plan, features, balances, credits and alerts, as each verb for itself would return them. Read one
 * after the other, without a lock: what changes meanwhile may be in one part and not yet in another. Throws USER_NOT_FOUND.
 */
export async function getState<C extends AnyCatalog>(
  ctx: Context<C>,
  { userId }: { userId: string },
): Promise<State<C>> {
  checkText('userId', userId)
  const [subscription, plan, features, standings, grants] = await Promise.all([
    getSubscription(ctx, { userId }),
    planOfUser(ctx, userId),
    getFeatures(ctx, { userId }),
    readEntitled(ctx, { userIds: [userId], meters: ctx.catalog.meterIds as readonly MeterOf<C>[] }),
    listGrants(ctx, { userId }),
  ])
  if (standings.length === 0) throw userNotFound(userId)
  const meters = standings.map((each) => balanceOf(each, each, each.entitlement))
  const windows = standings.map(({ meter, window: { period, startsAt } }) => ({
    meter,
    period,
    startsAt,
  }))
  const reached = await readAlerts(ctx.db.pool, userId, windows)
  const alerts = reached.flatMap(({ meter, threshold, at }) => {
    const window = windows.find((each) => each.meter === meter)
    if (!window) return []
    return [{ meter: window.meter, threshold, at: at.toISOString(), periodStart: window.startsAt }]
  })
  return { subscription, plan, features, meters, grants, alerts }
}

async function planOfUser<C extends AnyCatalog>(
  { catalog, db, clock, settings }: Context<C>,
  userId: string,
): Promise<PlanOf<C> | null> {
  const row = (await readCurrent(db.pool, userId)) ?? {
    status: null,
    plan: null,
    pastDueSince: null,
  }
  const plan = planAt(row, clock.now(), quotaRules(catalog, settings.pastDueGraceDays))
  return planOrNull(catalog, plan)
}
