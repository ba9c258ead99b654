import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import type { Subscription } from '../../subscriptions/index.ts'
import { awaitsFirstPayment } from '../../subscriptions/index.ts'
import { syncBilling } from '../subscription.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { noSubscription, readLive } from './live-subscription.ts'
import { discardPending, pendingPayment, readPayment } from './pending-payment.ts'
import { foreignSchedule } from './schedule/own-schedule.ts'
import { hasNextPhase, releaseSchedule } from './schedule/schedule.ts'
import type { RunningChange } from './write/run-change.ts'
import { runChange, writeToStripe } from './write/run-change.ts'

/** The subscription's metadata in which the end is kept that it had before it was cancelled, in Stripe's seconds. */
const EARLIER_END = 'tollgate_end_before_cancel'

type Ending = ({ cancel_at_period_end: boolean } | { cancel_at: number | '' }) & {
  metadata?: Record<string, string>
}

/**
 * Ends a subscription when the period of its plan ends; until then it gives quota. An end further away gives way to
 * that. A change that was scheduled here, or that waits for its payment, is discarded first. A repeat returns the same.
 * Throws USER_NOT_FOUND, NO_SUBSCRIPTION, STRIPE_REJECTED (also where somebody else made a schedule for it),
 * STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function cancelSubscription(
  ctx: Context,
  { userId }: { userId: string },
): Promise<Subscription> {
  return runChange(ctx, userId, async (change) => {
    const live = await readSynced(ctx, userId)
    if (awaitsFirstPayment(live.status)) {
      const message = 'The first payment is still open: pay it, or let it expire within 23 hours.'
      throw new TollgateError('STRIPE_REJECTED', message)
    }
    if (!endsWithPeriod(live)) {
      await releaseSchedule(ctx, change, live)
      await discardUnpaid(ctx, change, live)
      await setEnding(ctx, change, { live, ending: endOfPeriod(live) })
    }
    return synced(ctx, userId)
  })
}

/**
 * Undoes a cancellation, made here, in Stripe's portal or by the operator, and a change of plan that was scheduled for
 * the end of the period. An end further away, which the operator set, is no cancellation of the payer's: it stays, or
 * stands again. Where there is nothing to undo, nothing changes. Throws USER_NOT_FOUND, NO_SUBSCRIPTION, STRIPE_REJECTED
 * (also where it is somebody else's schedule that ends the subscription or changes the plan), STRIPE_UNAVAILABLE,
 * UNAVAILABLE.
 */
export async function resumeSubscription(
  ctx: Context,
  { userId }: { userId: string },
): Promise<Subscription> {
  return runChange(ctx, userId, async (change) => {
    const live = await readSynced(ctx, userId)
    const { schedule, ownsSchedule, pendingPlan } = live
    const isEnding = endsWithPeriod(live)
    if (schedule !== null && !ownsSchedule && (isEnding || pendingPlan !== null)) {
      throw foreignSchedule()
    }
    if (ownsSchedule && hasNextPhase(live)) await releaseSchedule(ctx, change, live)
    if (isEnding) await setEnding(ctx, change, { live, ending: asBefore(live) })
    return synced(ctx, userId)
  })
}

function endsWithPeriod({ cancelAt, item }: LiveSubscription): boolean {
  return cancelAt !== null && cancelAt <= item.periodEnd
}

/** Of several intervals the flag means the one that ends first (docs/stripe.md, fact 6). */
function endOfPeriod({ cancelAt, item, hasMixedIntervals, metadata }: LiveSubscription): Ending {
  const kept = metadata[EARLIER_END]
  const before = cancelAt === null ? '' : String(cancelAt)
  return {
    ...(cancelAt === null && !hasMixedIntervals
      ? { cancel_at_period_end: true }
      : { cancel_at: item.periodEnd }),
    ...(before !== (kept ?? '') && { metadata: { [EARLIER_END]: before } }),
  }
}

/** Stripe's portal sets the date without the flag, and Stripe accepts one of the two in a call. */
function asBefore({ cancelsAtPeriodEnd, item, metadata }: LiveSubscription): Ending {
  const before = Number(metadata[EARLIER_END])
  const forgotten = metadata[EARLIER_END] !== undefined && { metadata: { [EARLIER_END]: '' } }
  if (cancelsAtPeriodEnd) return { cancel_at_period_end: false, ...forgotten }
  return { cancel_at: before > item.periodEnd ? before : '', ...forgotten }
}

async function setEnding(
  ctx: Context,
  change: RunningChange,
  { live: { id }, ending }: { live: LiveSubscription; ending: Ending },
): Promise<void> {
  await writeToStripe(ctx, change, {
    step: 'set end',
    subscriptionId: id,
    call: (stripe, once) => stripe.subscriptions.update(id, ending, once),
  })
}

/** A payer who cancels must not be charged for an upgrade afterwards. */
async function discardUnpaid(
  ctx: Context,
  change: RunningChange,
  live: LiveSubscription,
): Promise<void> {
  const waiting = pendingPayment(live)
  if (waiting === null) return
  const payment = await readPayment(ctx, waiting)
  await discardPending(ctx, change, { subscriptionId: live.id, payment })
}

async function readSynced(ctx: Context, userId: string): Promise<LiveSubscription> {
  await syncBilling(ctx, { userId })
  return readLive(ctx, userId)
}

async function synced(ctx: Context, userId: string): Promise<Subscription> {
  const subscription = await syncBilling(ctx, { userId })
  if (!subscription) throw noSubscription()
  return subscription
}
