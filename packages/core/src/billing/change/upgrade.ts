import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import { idempotencyKey } from '../../stripe/index.ts'
import { beginAttempt } from '../payer/attempt-store.ts'
import type { Target } from '../target.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { QUICK } from './live-subscription.ts'
import { discardPending, readPayment } from './pending-payment.ts'
import { releaseSchedule, restoreSchedule } from './schedule.ts'

export interface UpgradeInput {
  userId: string
  subscription: LiveSubscription
  target: Target
  /** In Stripe's seconds; now, if left out. */
  prorationDate: number | undefined
}

/**
 * Moves a subscription to a price that costs more, now, and collects the difference now. Stripe keeps the old price
 * until that is paid. Returns null once it is paid, else the page on which the payer has to authenticate. Throws
 * STRIPE_REJECTED when the payment was declined: then the change is discarded, and what was scheduled before is
 * scheduled again.
 */
export async function upgrade(
  ctx: Context,
  lease: Lease,
  input: UpgradeInput,
): Promise<string | null> {
  const { subscription, userId } = input
  const released = await releaseSchedule(ctx, subscription)
  try {
    return await payUpgrade(ctx, lease, input)
  } catch (error) {
    const isRefused = error instanceof TollgateError && error.code === 'STRIPE_REJECTED'
    if (isRefused && released !== null) {
      const attempt = await beginAttempt(ctx.db.pool, lease, userId)
      await restoreSchedule(ctx, subscription, { released, attempt })
    }
    throw error
  }
}

async function payUpgrade(
  ctx: Context,
  lease: Lease,
  { userId, subscription, target, prorationDate }: UpgradeInput,
): Promise<string | null> {
  const attempt = await beginAttempt(ctx.db.pool, lease, userId)
  const { id, item, trialEnd } = subscription
  const updated = await ctx.stripe.call((stripe) =>
    stripe.subscriptions.update(
      id,
      {
        items: [{ id: item.id, price: target.price.id }],
        proration_behavior: 'always_invoice',
        payment_behavior: 'pending_if_incomplete',
        ...(prorationDate !== undefined && { proration_date: prorationDate }),
        ...(trialEnd !== null && { trial_end: 'now' as const }),
      },
      { ...QUICK, idempotencyKey: idempotencyKey('change', id, attempt) },
    ),
  )
  const { pending_update: pending, latest_invoice: invoice } = updated
  if (pending === null || invoice === null) return null
  return confirmPayment(ctx, typeof invoice === 'string' ? invoice : invoice.id)
}

async function confirmPayment(ctx: Context, invoiceId: string): Promise<string | null> {
  const payment = await readPayment(ctx, invoiceId)
  if (payment.state === 'waiting' && payment.url !== null) return payment.url
  await discardPending(ctx, invoiceId)
  // The payer may have paid on Stripe's page just before.
  const { state } = await readPayment(ctx, invoiceId)
  if (state === 'paid') return null
  throw new TollgateError('STRIPE_REJECTED', payment.reason)
}
