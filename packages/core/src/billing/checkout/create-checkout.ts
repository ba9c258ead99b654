import type { AnyCatalog, Interval, PlanOf } from '../../catalog/index.ts'
import { checkCurrency } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { invalid, TollgateError } from '../../errors.ts'
import { overagePrices } from '../../stripe/index.ts'
import { syncCustomer } from '../../sync/index.ts'
import { beginAttempt, confirmLease } from '../payer/attempt-store.ts'
import { ensureCustomer } from '../payer/customer.ts'
import type { Payer } from '../payer/payer-store.ts'
import { readPayer } from '../payer/payer-store.ts'
import { withPayerLease } from '../payer/with-payer-lease.ts'
import { getSubscription } from '../subscription.ts'
import type { Target } from '../target.ts'
import { checkWanted, findTarget } from '../target.ts'
import type { OpenSession, Terms } from './session.ts'
import { createSession, expireSession, isOn, listOpenSessions, QUICK, termsOf } from './session.ts'

export interface CheckoutInput<P extends string = string> {
  userId: string
  plan: P
  /** A month, if left out; a year where the plan has no price by the month. */
  interval?: Interval | undefined
  /** ISO 4217 in lower case; Stripe's choice, if left out: the default currency, or the one that the payer had before. */
  currency?: string | undefined
  /** Where Stripe's page sends the payer back to; the app's own /billing where they are left out. */
  successUrl?: string | undefined
  cancelUrl?: string | undefined
}

/**
 * Opens Stripe's checkout page for a plan. However often it is called, also at once and in several processes, a user
 * has one open session: the same plan on the same terms returns that session, any other expires it first. Throws
 * USER_NOT_FOUND, UNKNOWN_PLAN, VALIDATION for an interval or currency that the plan is not sold in, ALREADY_SUBSCRIBED, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function createCheckout<C extends AnyCatalog>(
  ctx: Context<C>,
  input: CheckoutInput<PlanOf<C>>,
): Promise<{ sessionId: string; url: string }> {
  checkWanted(ctx, input)
  if (input.currency !== undefined) checkCurrency(ctx.catalog, input.plan, input.currency)
  const { sessionId, url } = await withPayerLease(ctx, input.userId, (lease) =>
    openSession(ctx, lease, input),
  )
  return { sessionId, url }
}

async function openSession(ctx: Context, lease: Lease, input: CheckoutInput): Promise<OpenSession> {
  const target = await findTarget(ctx, input)
  checkSoldIn(target, input.currency)
  const payer = await readPayer(ctx.db.pool, input.userId)
  const customerId = await ensureCustomer(ctx, payer)
  const currency = input.currency ?? (await currencyOf(ctx, payer, target))
  const overage = await overagePrices(ctx, target.plan)
  const sold = { target, currency, overage }
  const terms = termsOf(ctx.catalog, { ...sold, trialUsed: payer.trialUsed })
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

/**
 * The currency that a customer paid in before, where the plan is sold in that and in others: Stripe refuses to combine
 * currencies on one customer (docs/stripe.md, fact 24).
 */
async function currencyOf(
  ctx: Context,
  { customerId }: Payer,
  { price }: Target,
): Promise<string | undefined> {
  if (customerId === null || Object.keys(price.otherAmounts).length === 0) return undefined
  const found = await ctx.stripe.call((stripe) => stripe.customers.retrieve(customerId, {}, QUICK))
  const currency = found.deleted ? undefined : (found.currency ?? undefined)
  return currency !== undefined && price.otherAmounts[currency] !== undefined ? currency : undefined
}

/** A price of the operator's may lack a currency that the catalogue names. */
function checkSoldIn({ name, price }: Target, currency: string | undefined): void {
  if (currency === undefined || currency === price.currency) return
  if (price.otherAmounts[currency] !== undefined) return
  throw invalid('currency', `${name} can't be bought in ${currency} at the moment`)
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
