import type { AnyCatalog, PlanOf } from '../../catalog/index.ts'
import { checkOffered } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import { overagePrices } from '../../stripe/index.ts'
import { syncCustomer } from '../../sync/index.ts'
import { beginAttempt, confirmLease } from '../payer/attempt-store.ts'
import { ensureCustomer } from '../payer/customer.ts'
import { readPayer } from '../payer/payer-store.ts'
import { withPayerLease } from '../payer/with-payer-lease.ts'
import { getSubscription } from '../subscription.ts'
import { findTarget } from '../target.ts'
import type { OpenSession, Terms } from './session.ts'
import { createSession, expireSession, isOn, listOpenSessions, termsOf } from './session.ts'

export interface CheckoutInput<P extends string = string> {
  userId: string
  plan: P
  /** Where Stripe's page sends the payer back to; the app's own /billing where they are left out. */
  successUrl?: string | undefined
  cancelUrl?: string | undefined
}

/**
 * Opens Stripe's checkout page for a plan. However often it is called, also at once and in several processes, a user
 * has one open session: the same plan on the same terms returns that session, any other expires it first. Throws USER_NOT_FOUND,
 * UNKNOWN_PLAN, ALREADY_SUBSCRIBED, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function createCheckout<C extends AnyCatalog>(
  ctx: Context<C>,
  input: CheckoutInput<PlanOf<C>>,
): Promise<{ sessionId: string; url: string }> {
  checkOffered(ctx.catalog, input.plan)
  const { sessionId, url } = await withPayerLease(ctx, input.userId, (lease) =>
    openSession(ctx, lease, input),
  )
  return { sessionId, url }
}

async function openSession(ctx: Context, lease: Lease, input: CheckoutInput): Promise<OpenSession> {
  const { price } = await findTarget(ctx, input.plan)
  const payer = await readPayer(ctx.db.pool, input.userId)
  const customerId = await ensureCustomer(ctx, payer)
  const overage = await overagePrices(ctx, input.plan)
  const { trialUsed: hadTrial } = payer
  const terms = termsOf(ctx.catalog, { plan: input.plan, price, trialUsed: hadTrial, overage })
  if (customerId !== payer.customerId)
    return newSession(ctx, lease, { ...input, customerId, terms })

  // In this order: if the payer pays while this runs, either no open session is left, or the sync sees a subscription.
  const open = await listOpenSessions(ctx, customerId)
  const same = open.find((session) => isOn(session, terms))
  for (const session of open) if (session !== same) await expireSession(ctx, session.sessionId)
  await syncCustomer(ctx, { customerId })

  if (await getSubscription(ctx, input)) {
    if (same) await expireSession(ctx, same.sessionId)
    throw new TollgateError('ALREADY_SUBSCRIBED', 'There is a subscription already.')
  }
  const { trialUsed } = await readPayer(ctx.db.pool, input.userId)
  // The sync found a trial that we did not know of.
  if (trialUsed !== payer.trialUsed) return openSession(ctx, lease, input)
  return same ?? newSession(ctx, lease, { ...input, customerId, terms })
}

async function newSession(
  ctx: Context,
  lease: Lease,
  input: CheckoutInput & { customerId: string; terms: Terms },
): Promise<OpenSession> {
  const attempt = await beginAttempt(ctx.db.pool, lease, input.userId)
  const session = await createSession(ctx, { ...input, attempt })
  try {
    await confirmLease(ctx.db.pool, lease)
  } catch (error) {
    // Another request may have opened another session meanwhile.
    await expireSession(ctx, session.sessionId)
    throw error
  }
  return session
}
