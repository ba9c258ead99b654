import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { idOf, isMissing } from '../stripe/index.ts'
import { isBilledLater, readCurrent } from '../subscriptions/index.ts'

/** What Stripe will ask for next. The amount is in the minor unit of `currency`, the instant ISO 8601 in UTC. */
export interface NextPayment {
  currency: string
  amount: number
  at: string
}

/** A person waits for it, and can do without. */
const QUICK = { timeout: 8_000, maxNetworkRetries: 1 } as const

/**
 * What Stripe will ask for when the period ends, as it would be now: quantity, discounts, further items, tax and the
 * customer's credit are in it, and a change that is scheduled. Null where nothing will be asked: without a subscription,
 * where it ends or is not charged, or where Stripe foresees no invoice. Changes nothing. Throws USER_NOT_FOUND,
 * STRIPE_REJECTED, STRIPE_UNAVAILABLE.
 */
export async function nextPayment(
  ctx: Context,
  { userId }: { userId: string },
): Promise<NextPayment | null> {
  const row = await readCurrent(ctx.db.pool, userId)
  if (row === null || !isBilledLater(row.status) || endsBefore(row)) return null
  const invoice = await preview(ctx, row.id)
  if (invoice === null) return null
  return {
    currency: invoice.currency,
    amount: invoice.amount_due,
    at: new Date(invoice.period_end * 1_000).toISOString(),
  }
}

/** Null for a subscription that Stripe does not have any more: reconcile is about to find that. */
async function preview(ctx: Context, subscriptionId: string): Promise<Stripe.Invoice | null> {
  try {
    return await ctx.stripe.call(async (stripe) => {
      const { schedule } = await stripe.subscriptions.retrieve(subscriptionId, {}, QUICK)
      const scheduleId = idOf(schedule)
      const of = scheduleId === null ? { subscription: subscriptionId } : { schedule: scheduleId }
      return stripe.invoices.createPreview(of, QUICK)
    })
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function endsBefore(row: { cancelAt: Date | null; currentPeriodEnd: Date }): boolean {
  return row.cancelAt !== null && row.cancelAt <= row.currentPeriodEnd
}
