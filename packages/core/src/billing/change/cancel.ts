import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { idempotencyKey } from '../../stripe/index.ts'
import type { Subscription } from '../../subscriptions/index.ts'
import { awaitsFirstPayment } from '../../subscriptions/index.ts'
import { beginAttempt } from '../payer/attempt-store.ts'
import { withPayerLease } from '../payer/with-payer-lease.ts'
import { syncBilling } from '../subscription.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { noSubscription, QUICK, readLive } from './live-subscription.ts'
import { discardPending, readPayment } from './pending-payment.ts'
import { releaseSchedule } from './schedule.ts'

type Ending = { cancel_at_period_end: boolean } | { cancel_at: '' }

/**
 * Ends a subscription when its period ends; until then it gives quota. A change that was scheduled, or that waits for
 * its payment, is discarded first. A repeat returns the same. Throws USER_NOT_FOUND, NO_SUBSCRIPTION,
 * STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function cancelSubscription(
  ctx: Context,
  { userId }: { userId: string },
): Promise<Subscription> {
  return withPayerLease(ctx, userId, async (lease) => {
    const live = await readSynced(ctx, userId)
    if (awaitsFirstPayment(live.status)) {
      const message = 'The first payment is still open: pay it, or let it expire within 23 hours.'
      throw new TollgateError('STRIPE_REJECTED', message)
    }
    if (live.cancelAt === null) {
      await discardUnpaid(ctx, live)
      await releaseSchedule(ctx, live)
      const attempt = await beginAttempt(ctx.db.pool, lease, userId)
      await setEnding(ctx, live.id, { ending: { cancel_at_period_end: true }, attempt })
    }
    return synced(ctx, userId)
  })
}

/**
 * Undoes a cancellation, made here, in Stripe's portal or by the operator, and a change of plan that was scheduled for
 * the end of the period. Where there is nothing to undo, nothing changes. Throws USER_NOT_FOUND, NO_SUBSCRIPTION,
 * STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function resumeSubscription(
  ctx: Context,
  { userId }: { userId: string },
): Promise<Subscription> {
  return withPayerLease(ctx, userId, async (lease) => {
    const live = await readSynced(ctx, userId)
    await releaseSchedule(ctx, live)
    // Stripe's portal sets the date without the flag, and Stripe accepts one of the two in a call.
    if (live.cancelAt !== null || live.cancelsAtPeriodEnd) {
      const attempt = await beginAttempt(ctx.db.pool, lease, userId)
      const ending: Ending = live.cancelsAtPeriodEnd
        ? { cancel_at_period_end: false }
        : { cancel_at: '' }
      await setEnding(ctx, live.id, { ending, attempt })
    }
    return synced(ctx, userId)
  })
}

async function setEnding(
  ctx: Context,
  id: string,
  { ending, attempt }: { ending: Ending; attempt: number },
): Promise<void> {
  const once = { ...QUICK, idempotencyKey: idempotencyKey('ending', id, attempt) }
  await ctx.stripe.call((stripe) => stripe.subscriptions.update(id, ending, once))
}

/** A payer who cancels must not be charged for an upgrade afterwards. */
async function discardUnpaid(ctx: Context, { pending }: LiveSubscription): Promise<void> {
  if (pending === null || pending.invoiceId === null) return
  const { state } = await readPayment(ctx, pending.invoiceId)
  if (state === 'waiting' || state === 'failed') await discardPending(ctx, pending.invoiceId)
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
