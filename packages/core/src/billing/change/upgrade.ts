import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { idOf } from '../../stripe/index.ts'
import { completeItems, markOverage } from '../overage/complete-items.ts'
import type { Target } from '../target.ts'
import type { LiveSubscription } from './live-subscription.ts'
import type { PricePayment } from './pending-payment.ts'
import { discardPending, readPayment } from './pending-payment.ts'
import { releaseSchedule, restoreSchedule } from './schedule/schedule.ts'
import type { RunningChange } from './write/run-change.ts'
import { writeToStripe } from './write/run-change.ts'

export interface UpgradeInput {
  live: LiveSubscription
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
  change: RunningChange,
  input: UpgradeInput,
): Promise<string | null> {
  const { live } = input
  const released = await releaseSchedule(ctx, change, live)
  try {
    await markOverage(ctx, change, { live, plan: input.target.plan })
    const actionUrl = await payUpgrade(ctx, change, input)
    // Not with the payment: until that is made, the subscription keeps all that it has. A job finishes what breaks off here.
    if (actionUrl === null) await completeItems(ctx, change, input.target.plan)
    return actionUrl
  } catch (error) {
    const isRefused = error instanceof TollgateError && error.code === 'STRIPE_REJECTED'
    if (isRefused && released !== null) await restoreSchedule(ctx, change, { live, released })
    throw error
  }
}

/**
 * Names the plan's item alone: everything else on the subscription stays as Stripe has it. The quantity is named too,
 * since an item that gets another price would have one of it.
 */
async function payUpgrade(
  ctx: Context,
  change: RunningChange,
  { live, target, prorationDate }: UpgradeInput,
): Promise<string | null> {
  const { id, item, trialEnd } = live
  const price = target.price.id
  const updated = await writeToStripe(ctx, change, {
    step: 'change price',
    subscriptionId: id,
    call: (stripe, once) =>
      stripe.subscriptions.update(
        id,
        {
          items: [{ id: item.id, price, quantity: item.quantity }],
          proration_behavior: 'always_invoice',
          payment_behavior: 'pending_if_incomplete',
          ...(prorationDate !== undefined && { proration_date: prorationDate }),
          ...(trialEnd !== null && { trial_end: 'now' as const }),
        },
        once,
      ),
  })
  if (updated.pending_update === null) return null
  const latestInvoiceId = idOf(updated.latest_invoice)
  return confirmPayment(ctx, change, { subscriptionId: id, latestInvoiceId, priceId: price })
}

async function confirmPayment(
  ctx: Context,
  change: RunningChange,
  pending: PricePayment,
): Promise<string | null> {
  const payment = await readPayment(ctx, pending)
  if (payment?.state === 'waiting' && payment.url !== null) return payment.url
  await discardPending(ctx, change, { subscriptionId: pending.subscriptionId, payment })
  // The payer may have paid on Stripe's page just before.
  const after = await readPayment(ctx, pending)
  if (after?.state === 'paid') return null
  throw new TollgateError('STRIPE_REJECTED', payment?.reason ?? 'The payment was not made.')
}
