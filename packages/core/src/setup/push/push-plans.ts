import { offeredIntervals, offeredPlans } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { withLease } from '../../database/index.ts'
import { assertReachable, assertSameAccount, configuredPrice } from '../../stripe/index.ts'
import { planOverage } from './push-overage.ts'
import { planPacks } from './push-packs.ts'
import { planPortal } from './push-portal.ts'
import { planPrice } from './push-price.ts'
import { planProduct } from './push-product.ts'
import type { PlannedStep, PushStep } from './push-step.ts'
import { planWebhook } from './push-webhook.ts'

/**
 * Makes Stripe's products, prices, customer portal and webhook endpoint follow the catalogue: a product and a price for
 * each plan on offer and each of its intervals, meters and prices for the overage that they sell, a
 * product and a price for each pack, our configuration of the portal, and the endpoint with the events that are needed. A new currency is added to a price. A new amount makes a new price; customers of the old price stay on it,
 * and keep the plan. A price that the environment names stays as it is, and so does everything that we did not create;
 * where that stands under a name of ours, nothing is changed (docs/decisions/objects-that-are-ours.md). `onPlan` gets all
 * steps before the first is taken. Safe to repeat: it reads before it writes, and one push runs at a time. Throws
 * VALIDATION, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function pushPlans(
  ctx: Context,
  { dryRun, onPlan }: { dryRun: boolean; onPlan?: (steps: readonly PushStep[]) => void },
): Promise<PushStep[]> {
  if (dryRun) {
    await assertReachable(ctx, { dryRun })
    return stepsOf(await planEverything(ctx))
  }
  return withLease(ctx, 'plans:push', async () => {
    await assertSameAccount(ctx)
    const planned = await planEverything(ctx)
    onPlan?.(stepsOf(planned))
    const done: PushStep[] = []
    for (const { step, apply } of planned) done.push({ ...step, ...(await apply?.()) })
    return done
  })
}

async function planEverything(ctx: Context): Promise<PlannedStep[]> {
  const planned: PlannedStep[] = []
  for (const plan of offeredPlans(ctx.catalog)) {
    const prices = offeredIntervals(ctx.catalog).filter((each) => each.plan === plan)
    const isOurs = prices.some((each) => configuredPrice(ctx, each) === undefined)
    if (isOurs) planned.push(await planProduct(ctx, plan))
    for (const price of prices) planned.push(await planPrice(ctx, price))
  }
  planned.push(...(await planOverage(ctx, offeredPlans(ctx.catalog))))
  planned.push(...(await planPacks(ctx)))
  return [...planned, await planPortal(ctx), await planWebhook(ctx)]
}

function stepsOf(planned: readonly PlannedStep[]): PushStep[] {
  return planned.map(({ step }) => step)
}
