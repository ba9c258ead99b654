import type { PlanId } from '../../catalog/index.ts'
import { isPlan } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import { syncCustomer } from '../../stripe/index.ts'
import { ensureCustomer } from '../payer/customer.ts'
import type { Payer } from '../payer/customer-store.ts'
import { readPayer } from '../payer/customer-store.ts'
import { inTurn } from '../payer/in-turn.ts'
import { beginAttempt, confirmTurn } from '../payer/turn-store.ts'
import { getSubscription } from '../subscription.ts'
import { findTarget, unknownPlan } from '../target.ts'
import type { OpenSession } from './session.ts'
import { createSession, expireSession, listOpenSessions } from './session.ts'

export interface CheckoutInput {
  userId: string
  plan: PlanId
  /** Where Stripe's page sends the payer back to; on the app's own /billing unless said otherwise. */
  successUrl?: string | undefined
  cancelUrl?: string | undefined
}

/**
 * Opens Stripe's checkout page for a plan. However often and wherever it is called at once, a user has one open
 * session: the same plan answers the same session, another plan expires it first. Throws USER_NOT_FOUND,
 * UNKNOWN_PLAN, ALREADY_SUBSCRIBED, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function createCheckout(
  ctx: Context,
  input: CheckoutInput,
): Promise<{ sessionId: string; url: string }> {
  if (!isPlan(input.plan)) throw unknownPlan(input.plan)
  const { sessionId, url } = await inTurn(ctx, input.userId, (lease) =>
    openSession(ctx, lease, input),
  )
  return { sessionId, url }
}

async function openSession(ctx: Context, lease: Lease, input: CheckoutInput): Promise<OpenSession> {
  const payer = await readPayer(ctx, input.userId)
  if (payer.customerId === null) return newSession(ctx, lease, { input, payer })

  // In this order: whoever pays while this runs has either no open session left, or a subscription to be seen.
  const open = await listOpenSessions(ctx, payer.customerId)
  const same = open.find(({ plan }) => plan === input.plan)
  for (const session of open) if (session !== same) await expireSession(ctx, session.sessionId)
  await syncCustomer(ctx, { customerId: payer.customerId })

  if (await getSubscription(ctx, input)) {
    if (same) await expireSession(ctx, same.sessionId)
    throw new TollgateError('ALREADY_SUBSCRIBED', 'There is a subscription already.')
  }
  if (same) return same
  return newSession(ctx, lease, { input, payer: await readPayer(ctx, input.userId) })
}

async function newSession(
  ctx: Context,
  lease: Lease,
  { input, payer }: { input: CheckoutInput; payer: Payer },
): Promise<OpenSession> {
  const { price } = await findTarget(ctx, input.plan)
  const customerId = await ensureCustomer(ctx, payer)
  const attempt = await beginAttempt(ctx, lease, payer.userId)
  const session = await createSession(ctx, { ...input, price, customerId, attempt, payer })
  try {
    await confirmTurn(ctx, lease)
  } catch (error) {
    // Somebody else may have opened another one meanwhile.
    await expireSession(ctx, session.sessionId)
    throw error
  }
  return session
}
