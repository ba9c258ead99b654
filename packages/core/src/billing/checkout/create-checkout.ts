import type { AnyCatalog, PlanOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import { syncCustomer } from '../../stripe/index.ts'
import { getSubscription } from '../../subscriptions/subscription.ts'
import { ensureCustomer } from '../payer/customer.ts'
import { readPayer } from '../payer/customer-store.ts'
import { inTurn } from '../payer/in-turn.ts'
import { beginAttempt, confirmTurn } from '../payer/turn-store.ts'
import { checkOffered, findTarget } from '../target.ts'
import type { OpenSession, Terms } from './session.ts'
import { createSession, expireSession, isOn, listOpenSessions, termsOf } from './session.ts'

export interface CheckoutInput<P extends string = string> {
  userId: string
  plan: P
  /** Where Stripe's page sends the payer back to; on the app's own /billing unless said otherwise. */
  successUrl?: string | undefined
  cancelUrl?: string | undefined
}

/**
 * Opens Stripe's checkout page for a plan. However often and wherever it is called at once, a user has one open
 * session: the same plan on the same terms answers the same session, any other expires it first. Throws USER_NOT_FOUND,
 * UNKNOWN_PLAN, ALREADY_SUBSCRIBED, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function createCheckout<C extends AnyCatalog>(
  ctx: Context<C>,
  input: CheckoutInput<PlanOf<C>>,
): Promise<{ sessionId: string; url: string }> {
  checkOffered(ctx.catalog, input.plan)
  const { sessionId, url } = await inTurn(ctx, input.userId, (lease) =>
    openSession(ctx, lease, input),
  )
  return { sessionId, url }
}

async function openSession(ctx: Context, lease: Lease, input: CheckoutInput): Promise<OpenSession> {
  const { price } = await findTarget(ctx, input.plan)
  const payer = await readPayer(ctx, input.userId)
  const customerId = await ensureCustomer(ctx, payer)
  const terms = termsOf(ctx.catalog, { plan: input.plan, price, trialUsed: payer.trialUsed })
  if (customerId !== payer.customerId)
    return newSession(ctx, lease, { ...input, customerId, terms })

  // In this order: whoever pays while this runs has either no open session left, or a subscription to be seen.
  const open = await listOpenSessions(ctx, customerId)
  const same = open.find((session) => isOn(session, terms))
  for (const session of open) if (session !== same) await expireSession(ctx, session.sessionId)
  await syncCustomer(ctx, { customerId })

  if (await getSubscription(ctx, input)) {
    if (same) await expireSession(ctx, same.sessionId)
    throw new TollgateError('ALREADY_SUBSCRIBED', 'There is a subscription already.')
  }
  const { trialUsed } = await readPayer(ctx, input.userId)
  // A trial came to light that we had not known of.
  if (trialUsed !== payer.trialUsed) return openSession(ctx, lease, input)
  return same ?? newSession(ctx, lease, { ...input, customerId, terms })
}

async function newSession(
  ctx: Context,
  lease: Lease,
  input: CheckoutInput & { customerId: string; terms: Terms },
): Promise<OpenSession> {
  const attempt = await beginAttempt(ctx, lease, input.userId)
  const session = await createSession(ctx, { ...input, attempt })
  try {
    await confirmTurn(ctx, lease)
  } catch (error) {
    // Somebody else may have opened another one meanwhile.
    await expireSession(ctx, session.sessionId)
    throw error
  }
  return session
}
