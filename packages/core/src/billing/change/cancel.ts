import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { idempotencyKey } from '../../stripe/index.ts'
import type { Subscription } from '../../subscriptions/subscription.ts'
import { syncBilling } from '../../subscriptions/subscription.ts'
import { inTurn } from '../payer/in-turn.ts'
import { beginAttempt } from '../payer/turn-store.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { noSubscription, QUICK, readLive } from './live-subscription.ts'
import { discardPending, readPayment } from './pending-payment.ts'
import { releaseSchedule } from './schedule.ts'

type Ending = { cancel_at_period_end: boolean } | { cancel_at: '' }

/**
 * Ends a subscription when its period does; until then it gives quota. A change that was scheduled, or that
 * waits for its payment, is given up first. Already cancelled: the same answer. Throws USER_NOT_FOUND,
 * NO_SUBSCRIPTION, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function cancelSubscription(
  ctx: Context,
  { userId }: { userId: string },
): Promise<Subscription> {
  return inTurn(ctx, userId, async (lease) => {
    const live = await readSynced(ctx, userId)
    if (live.status === 'incomplete') {
      const message = 'The first payment is still open: pay it, or let it expire within 23 hours.'
      throw new TollgateError('STRIPE_REJECTED', message)
    }
    if (live.cancelAt === null) {
      await discardUnpaid(ctx, live)
      await releaseSchedule(ctx, live)
      const attempt = await beginAttempt(ctx, lease, userId)
      await setEnding(ctx, live.id, { ending: { cancel_at_period_end: true }, attempt })
    }
    return synced(ctx, userId)
  })
}

/**
 * Lets a subscription go on that was cancelled, here, in Stripe's portal or by the operator, or that was to
 * change plan when its period ends. Nothing to undo: the same answer. Throws USER_NOT_FOUND, NO_SUBSCRIPTION,
 * STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function resumeSubscription(
  ctx: Context,
  { userId }: { userId: string },
): Promise<Subscription> {
  return inTurn(ctx, userId, async (lease) => {
    const live = await readSynced(ctx, userId)
    await releaseSchedule(ctx, live)
    // The portal sets the date without the flag, and Stripe takes one of the two at a time.
    if (live.cancelAt !== null || live.cancelsAtPeriodEnd) {
      const attempt = await beginAttempt(ctx, lease, userId)
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

/** Nobody who cancels is to pay for a dearer plan afterwards. */
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
