import type { StripeEmulator } from '@tollgate/stripe-emulator'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { held } from '@tollgate/testing/stripe'
import type { Context } from '../../src/index.ts'
import { ManualClock, pushPlans } from '../../src/index.ts'
import { NOON } from '../harness.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { startCoreWith } from '../stripe/stripe-harness.ts'

export const GOOD_CARD = '4242 4242 4242 4242'
export const DECLINED_CARD = '4000 0000 0000 0002'

export interface BillingHarness extends StripeHarness {
  stripe: StripeEmulator
}

/** Core and a local Stripe that sells the catalogue, both at noon. */
export async function startBilling(): Promise<BillingHarness> {
  const clock = new ManualClock(NOON)
  const stripe = await startStripeEmulator({ clock, observer: held() })
  const core = await startCoreWith(stripe.url, clock)
  await pushPlans(core.ctx, { dryRun: false })
  return {
    ...core,
    stripe,
    async close() {
      await core.close()
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

/** What Stripe itself says of a user's customer. */
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
