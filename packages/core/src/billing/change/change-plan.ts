import type { AnyCatalog, Interval, PlanInterval, PlanOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { withOverageSettled } from '../../overage/index.ts'
import type { Subscription } from '../../subscriptions/index.ts'
import { getSubscription, syncBilling } from '../subscription.ts'
import type { Target } from '../target.ts'
import { checkWanted, findTarget } from '../target.ts'
import { decideChange } from './decide-change.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { noSubscription, readLive } from './live-subscription.ts'
import { discardPending, pendingPayment, readPayment } from './pending-payment.ts'
import { confirmedAt, quoteUpgrade, wasProratedAt } from './quote.ts'
import { scheduleChange } from './schedule/schedule.ts'
import { upgrade } from './upgrade.ts'
import type { RunningChange } from './write/run-change.ts'
import { runChange } from './write/run-change.ts'

export interface ChangePlanInput<P extends string = string> {
  userId: string
  plan: P
  /** A month, if left out; a year where the plan has no price by the month. */
  interval?: Interval | undefined
  /** The preview's: an upgrade then costs what was previewed. Now, if left out. */
  prorationDate?: string | undefined
}

export interface PlanChange<P extends string = string> {
  subscription: Subscription<P>
  /** The page on which the payer has to authenticate the payment; until then nothing has changed. */
  actionUrl: string | null
}

/**
 * Moves a subscription to another plan, or to another interval: to one that costs no less a month now, once it is paid;
 * to a cheaper one, and from the year to the month, when the period ends. Two tabs, or a repeat after a lost answer, make one change and one payment: the second call finds it done.
 * Throws USER_NOT_FOUND, UNKNOWN_PLAN, NO_SUBSCRIPTION, VALIDATION, STRIPE_REJECTED when the payment is declined
 * (then nothing has changed), STRIPE_UNAVAILABLE (then a repeat finds out), UNAVAILABLE.
 */
export async function changePlan<C extends AnyCatalog>(
  ctx: Context<C>,
  input: ChangePlanInput<PlanOf<C>>,
): Promise<PlanChange<PlanOf<C>>> {
  const { userId } = input
  const wanted = checkWanted(ctx, input)
  const asked = await getSubscription(ctx, { userId })
  return runChange(ctx, userId, async (running) => {
    const found = await syncedSubscription(ctx, userId)
    const target = await findTarget(ctx, wanted)
    const live = await readLive(ctx, userId)
    const isDone = isOn(found, wanted) && found.pendingPlan === null
    const isNew = asked === null || !isOn(asked, wanted)
    if (isDone && (isNew || (await wasProratedAt(ctx, live, input.prorationDate)))) {
      return { subscription: found, actionUrl: null }
    }
    if (isGoingTo(found, wanted)) return { subscription: found, actionUrl: null }
    const pending = await resolvePending(ctx, running, { live, target })
    if (pending === 'paid') {
      return { subscription: await syncedSubscription(ctx, userId), actionUrl: null }
    }
    if (pending !== null) return { subscription: found, actionUrl: pending.url }
    return change(ctx, running, { input, target })
  })
}

function isOn({ plan, price }: Subscription, wanted: PlanInterval): boolean {
  return plan === wanted.plan && price.interval === wanted.interval
}

function isGoingTo({ pendingPlan, pendingInterval }: Subscription, wanted: PlanInterval): boolean {
  return pendingPlan === wanted.plan && pendingInterval === wanted.interval
}

/** Reads the subscription again, since a change that was discarded may have been paid at the last moment. */
async function change(
  ctx: Context,
  running: RunningChange,
  { input, target }: { input: ChangePlanInput; target: Target },
): Promise<PlanChange> {
  const { userId, prorationDate } = input
  const live = await readLive(ctx, userId)
  try {
    if (decideChange(live, target) === 'atPeriodEnd') {
      await scheduleChange(ctx, running, { live, target })
      return { subscription: await syncedSubscription(ctx, userId), actionUrl: null }
    }
    const at =
      prorationDate === undefined
        ? undefined
        : confirmedAt(prorationDate, live, await quoteUpgrade(ctx, live, target))
    const actionUrl = await withOverageSettled(ctx, { userId, customerId: live.customerId }, () =>
      upgrade(ctx, running, { live, target, prorationDate: at }),
    )
    return { subscription: await syncedSubscription(ctx, userId), actionUrl }
  } catch (error) {
    // A change that was discarded leaves a void invoice, for example.
    await syncBilling(ctx, { userId }).catch((err: unknown) =>
      ctx.log.warn({ err, userId }, 'no sync after a change that failed'),
    )
    throw error
  }
}

/**
 * What became of a change that waited for its payment. To the same plan: the page on which the payer continues, or that
 * it is paid by now. A change that failed, or was to another plan, is discarded: null.
 */
async function resolvePending(
  ctx: Context,
  running: RunningChange,
  { live, target }: { live: LiveSubscription; target: Target },
): Promise<'paid' | { url: string } | null> {
  const waiting = pendingPayment(live)
  const payment = waiting && (await readPayment(ctx, waiting))
  if (payment === null) return null
  const isSame = waiting?.priceId === target.price.id
  const { state, url } = payment
  if (state === 'paid') return isSame ? 'paid' : null
  if (isSame && state === 'waiting' && url !== null) return { url }
  await discardPending(ctx, running, { subscriptionId: live.id, payment })
  return null
}

async function syncedSubscription<C extends AnyCatalog>(
  ctx: Context<C>,
  userId: string,
): Promise<Subscription<PlanOf<C>>> {
  const subscription = await syncBilling(ctx, { userId })
  if (!subscription) throw noSubscription()
  return subscription
}
