import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { insertCap, withOverageSettled } from '../../overage/index.ts'
import type { OveragePrice } from '../../stripe/index.ts'
import { overagePrices } from '../../stripe/index.ts'
import type { LiveSubscription } from '../change/live-subscription.ts'
import { readLive } from '../change/live-subscription.ts'
import { runChange } from '../change/write/run-change.ts'
import { syncBilling } from '../subscription.ts'
import { completeItems, markOverage } from './complete-items.ts'
import { readRunningUsers } from './overage-due-store.ts'

/** What `applyOverage` did, or would do, with one subscription. */
export interface OverageStep {
  userId: string
  subscriptionId: string
  plan: string
  /** `keep`: it has all items of its plan. `refuse`: it can't have them. */
  action: 'add' | 'keep' | 'refuse'
  /** The meters that are added, or why they can't be. */
  detail: string
}

/**
 * Gives the overage items of their plan to subscriptions from before the plan had them. Nothing is sold to their payers
 * until they choose a cap: it is 0 where they have chosen none. What can't be done is listed with its reason: a
 * subscription in the classic billing mode whose plan is not monthly, one that a schedule drives, one that is not
 * active. Safe to repeat. Throws STRIPE_UNAVAILABLE; what was done before stays.
 */
export async function applyOverage(
  ctx: Context,
  { dryRun }: { dryRun: boolean },
): Promise<OverageStep[]> {
  const steps: OverageStep[] = []
  for (const { userId, plan } of await readRunningUsers(ctx.db.pool)) {
    const wanted = await overagePrices(ctx, plan)
    if (wanted.length === 0) continue
    steps.push(
      await refused({ userId, plan }, () =>
        runChange(ctx, userId, async (change) => {
          const live = await readLive(ctx, userId)
          const step = stepFor(live, { userId, plan, wanted })
          if (dryRun || step.action !== 'add') return step
          const { customerId } = live
          await withOverageSettled(ctx, { userId, customerId }, async () => {
            // First: from the moment that there is an item, a decision may sell.
            for (const { meter } of added(live, wanted)) await writeNoCap(ctx, { userId, meter })
            await markOverage(ctx, change, { live, plan })
            await completeItems(ctx, change, plan)
          })
          await syncBilling(ctx, { userId })
          return step
        }),
      ),
    )
  }
  return steps
}

function stepFor(
  live: LiveSubscription,
  { userId, plan, wanted }: { userId: string; plan: string; wanted: readonly OveragePrice[] },
): OverageStep {
  const meters = added(live, wanted).map(({ meter }) => meter)
  const about = { userId, subscriptionId: live.id, plan }
  if (meters.length === 0) return { ...about, action: 'keep', detail: 'has all items' }
  const reason = whyNot(live)
  if (reason !== null) return { ...about, action: 'refuse', detail: reason }
  return { ...about, action: 'add', detail: meters.join(', ') }
}

function added({ overageItems, plan }: LiveSubscription, wanted: readonly OveragePrice[]) {
  const own = overageItems.filter((each) => each.plan === plan)
  return wanted.filter(({ meter }) => !own.some((each) => each.meter === meter))
}

function whyNot({ isFlexible, item, schedule, status, pending }: LiveSubscription): string | null {
  const isMonthly = item.interval === 'month' && item.intervalCount === 1
  if (!isFlexible && !isMonthly) return 'is in the classic billing mode, and not paid by the month'
  if (schedule !== null) return 'follows a schedule: apply again when that is over'
  if (pending !== null) return 'has a change that waits for its payment'
  if (status !== 'active' && status !== 'trialing') return `is ${status}`
  return null
}

function writeNoCap(ctx: Context, { userId, meter }: { userId: string; meter: string }) {
  const actor = { kind: 'command', id: 'plans apply' } as const
  return insertCap(ctx.db.pool, { userId, meter, amountMinor: 0, actor, now: ctx.clock.now() })
}

/** One subscription that Stripe refuses to change does not hold up the others. */
async function refused(
  { userId, plan }: { userId: string; plan: string },
  work: () => Promise<OverageStep>,
): Promise<OverageStep> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TollgateError) || error.code === 'STRIPE_UNAVAILABLE') throw error
    return { userId, plan, subscriptionId: '', action: 'refuse', detail: error.message }
  }
}
