import type { EmulatorOptions, StripeEmulator } from '@tollgate/stripe-emulator'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { held } from '@tollgate/testing/stripe'
import type { AnyCatalog, CheckoutInput, Context, Subscription } from '../../src/index.ts'
import { checkUsage, createCheckout, getQuota, pushPlans, syncBilling } from '../../src/index.ts'
import { ManualClock } from '../../src/testing.ts'
import { NOON } from '../harness.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { startCoreWith } from '../stripe/stripe-harness.ts'
import type { ProxyHooks } from '../stripe/stripe-proxy.ts'
import { openStripeProxy } from '../stripe/stripe-proxy.ts'

export const GOOD_CARD = '4242 4242 4242 4242'
export const DECLINED_CARD = '4000 0000 0000 0002'
/** Its holder is asked to authenticate each payment. */
export const SECURE_CARD = '4000 0027 6000 3184'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export interface BillingHarness extends StripeHarness {
  stripe: StripeEmulator
  /** Where core reaches it: its own address, or that of the proxy. */
  stripeUrl: string
}

/** Core and a local Stripe that sells the catalogue (the guide's), both at noon. With hooks, core reaches it through a proxy. */
export async function startBilling(
  options: Pick<EmulatorOptions, 'dunning' | 'observer'> & {
    hooks?: ProxyHooks
    /** The guide's, unless given. */
    catalog?: AnyCatalog
    startsAt?: string
  } = {},
): Promise<BillingHarness> {
  const { hooks, catalog, startsAt = NOON, ...rest } = options
  const clock = new ManualClock(startsAt)
  const stripe = await startStripeEmulator({ clock, observer: held(), ...rest })
  const proxy = hooks && (await openStripeProxy(stripe.url, hooks))
  const core = await startCoreWith(proxy?.url ?? stripe.url, clock, catalog)
  await pushPlans(core.ctx, { dryRun: false })
  return {
    ...core,
    stripe,
    stripeUrl: proxy?.url ?? stripe.url,
    async close() {
      await core.close()
      await proxy?.close()
      await stripe.stop()
    },
  }
}

/** Fills in the card on Stripe's page and pays. Answers where the payer is sent, or null with the page's refusal. */
export async function payWith(
  card: string,
  url: string,
): Promise<{ location: string | null; status: number; page: string }> {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      cardNumber: card,
      cardExpiry: '12 / 34',
      cardCvc: '123',
      billingName: 'Ada Lovelace',
      email: 'ada@example.com',
    }),
  })
  const { status, headers } = response
  return { location: headers.get('location'), status, page: await response.text() }
}

/** What Stripe has of a user's customer. */
export async function stripeSide(ctx: Context, userId: string) {
  const { rows } = await ctx.db.pool.query<{ customer: string | null }>(
    'SELECT stripe_customer_id AS customer FROM users WHERE id = $1',
    [userId],
  )
  const customer = rows[0]?.customer
  if (!customer) throw new Error('this user is no customer yet')
  return ctx.stripe.call(async (stripe) => ({
    customer,
    subscriptions: (await stripe.subscriptions.list({ customer, status: 'all' })).data,
    sessions: (await stripe.checkout.sessions.list({ customer, limit: 100 })).data,
    invoices: (await stripe.invoices.list({ customer })).data,
    customers: (await stripe.customers.list({ limit: 100 })).data,
  }))
}

/** Buys a plan as a payer does. */
export async function subscribe(
  { ctx }: BillingHarness,
  input: Partial<CheckoutInput> & { userId: string },
): Promise<Subscription> {
  const { userId } = input
  await payWith(GOOD_CARD, (await createCheckout(ctx, { plan: 'pro', ...input })).url)
  const subscription = await syncBilling(ctx, { userId })
  if (!subscription) throw new Error('the checkout made no subscription')
  return subscription
}

/** Lets time pass on both sides: Stripe renews, charges and ends subscriptions meanwhile. */
export function pass({ clock, stripe }: BillingHarness, ms: number): void {
  clock.advance(ms)
  stripe.clock.advanceTo(clock.now())
}

/** From now on the subscription is charged to this test card (`pm_card_…`). */
export async function payFrom(ctx: Context, userId: string, card: string): Promise<void> {
  const { customer, subscriptions } = await stripeSide(ctx, userId)
  await ctx.stripe.call(async (stripe) => {
    const { id } = await stripe.paymentMethods.attach(card, { customer })
    await stripe.subscriptions.update(subscriptions[0]?.id ?? '', { default_payment_method: id })
  })
}

/** Goes through 3-D Secure on the page of an open invoice. */
export async function authenticate(url: string, result: 'complete' | 'fail'): Promise<void> {
  const { location } = await payWith(SECURE_CARD, `${url}/pay`)
  if (!location?.startsWith('/3ds/')) throw new Error(`no 3-D Secure, but ${location}`)
  const body = new URLSearchParams({ result })
  await fetch(new URL(location, url), { method: 'POST', redirect: 'manual', body })
}

/** Pays on a checkout page with a card that wants 3-D Secure, and goes through that. */
export async function authenticateCheckout(
  url: string,
  result: 'complete' | 'fail',
): Promise<void> {
  const { location } = await payWith(SECURE_CARD, url)
  const body = new URLSearchParams({ result })
  await fetch(new URL(location ?? '', url), { method: 'POST', redirect: 'manual', body })
}

/** What a user may use of tokens in a month, and whether they may use one now. */
export async function rightTo(
  ctx: Context,
  userId: string,
): Promise<{ limit: number; unlimited: boolean; refusal: string | null }> {
  const quotas = await getQuota(ctx, { userId })
  const { reason } = await checkUsage(ctx, { userId, meter: 'tokens', amount: 1 })
  const { limit = 0, unlimited = false } = quotas.find(({ meter }) => meter === 'tokens') ?? {}
  return { limit, unlimited, refusal: reason }
}
