import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { withOverageSettled } from '../../overage/index.ts'
import { assertSameAccount, idempotencyKey } from '../../stripe/index.ts'
import { hasEnded, readSubscriptions } from '../../subscriptions/index.ts'
import { syncCustomer } from '../../sync/index.ts'
import { expireAllSessions } from '../checkout/session.ts'
import { beginAttempt, confirmLease } from './attempt-store.ts'
import { readPayer } from './payer-store.ts'
import { withPayerLease } from './with-payer-lease.ts'

/** A person waits for these calls. */
const QUICK = { timeout: 10_000, maxNetworkRetries: 2 } as const

/**
 * Ends all that a user pays, now, and then runs `work`, before anything new can be bought: open checkout pages expire,
 * every subscription is cancelled at once without refund, saved payment methods are removed, and Stripe forgets e-mail
 * address, name, phone and address. Stripe's customer itself stays, since its invoices name it. Safe to repeat, from
 * wherever it broke off. Throws USER_NOT_FOUND, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE; then `work` did not run.
 */
export async function endBilling<T>(
  ctx: Context,
  { userId }: { userId: string },
  work: () => Promise<T>,
): Promise<T> {
  return withPayerLease(ctx, userId, async (lease) => {
    const { customerId } = await readPayer(ctx.db.pool, userId)
    if (customerId !== null) {
      await assertSameAccount(ctx)
      if (await isThere(ctx, customerId)) await endAtStripe(ctx, lease, { userId, customerId })
    }
    await confirmLease(ctx.db.pool, lease)
    return work()
  })
}

async function isThere(ctx: Context, customerId: string): Promise<boolean> {
  const customer = await ctx.stripe.call((stripe) =>
    stripe.customers.retrieve(customerId, {}, QUICK),
  )
  return !customer.deleted
}

async function endAtStripe(
  ctx: Context,
  lease: Lease,
  { userId, customerId }: { userId: string; customerId: string },
): Promise<void> {
  // In this order: if the payer pays while this runs, either no page is left, or the sync sees a subscription.
  await expireAllSessions(ctx, customerId)
  await syncCustomer(ctx, { customerId })
  const subscriptions = await readSubscriptions(ctx.db.pool, userId)
  await withOverageSettled(ctx, { userId, customerId }, async () => {
    for (const { id, status } of subscriptions) {
      if (hasEnded(status)) continue
      await cancelNow(ctx, id, await beginAttempt(ctx.db.pool, lease, userId))
    }
  })
  await removePaymentMethods(ctx, customerId)
  await forgetDetails(ctx, customerId)
  await syncCustomer(ctx, { customerId })
}

/** What was used and not yet invoiced is invoiced; the paid time that is left is not refunded. */
async function cancelNow(ctx: Context, id: string, attempt: number): Promise<void> {
  const once = { ...QUICK, idempotencyKey: idempotencyKey('end', id, attempt) }
  await ctx.stripe.call((stripe) =>
    stripe.subscriptions.cancel(id, { invoice_now: true, prorate: false }, once),
  )
}

async function removePaymentMethods(ctx: Context, customer: string): Promise<void> {
  await ctx.stripe.call(async (stripe) => {
    const saved = await stripe.paymentMethods.list({ customer, limit: 100 }, QUICK)
    for (const { id } of saved.data) await stripe.paymentMethods.detach(id, {}, QUICK)
  })
}

async function forgetDetails(ctx: Context, customerId: string): Promise<void> {
  const nothing = { email: '', name: '', phone: '', address: '' } as const
  await ctx.stripe.call((stripe) => stripe.customers.update(customerId, nothing, QUICK))
}
