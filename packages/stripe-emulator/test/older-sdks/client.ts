import { createRequire } from 'node:module'
import type Stripe from 'stripe'
import { expect } from 'vitest'
import type { StripeEmulator } from '../../src/index.ts'
import { startStripeEmulator } from '../../src/index.ts'
import { onEnd, START } from '../harness.ts'
import type { RequiredFields } from './required-fields.ts'
import { missingFields } from './required-fields.ts'

const require = createRequire(import.meta.url)

/** Releases before 22 have types of the same names, which cannot stand beside today's: loaded without types. */
const LOAD: Readonly<Record<Release['name'], () => typeof Stripe>> = {
  'stripe-14': () => require('stripe-14'),
  'stripe-17': () => require('stripe-17'),
  'stripe-18': () => require('stripe-18'),
  'stripe-20': () => require('stripe-20'),
}

/** What older releases of the package have, and today's types do not. */
export interface OlderStripe extends Stripe {
  invoices: Stripe['invoices'] & {
    retrieveUpcoming(params: object): Promise<Stripe.Invoice>
    listUpcomingLines(params: object): Promise<Stripe.ApiList<Stripe.InvoiceLineItem>>
  }
  subscriptionItems: Stripe['subscriptionItems'] & {
    createUsageRecord(id: string, params: object): Promise<object>
  }
}

/** A release of the `stripe` package, by its alias in package.json. */
export interface Release {
  name: 'stripe-14' | 'stripe-17' | 'stripe-18' | 'stripe-20'
  version: string
}

/**
 * An emulator and a client of an older release, with the API version of that release. At the end of the test every
 * response must have had the fields that the types of the release require.
 */
export async function startWith(
  { name, version }: Release,
  { required, known }: { required: RequiredFields; known: readonly string[] },
) {
  const missing = new Set<string>()
  const emulator = await startStripeEmulator({
    clock: { now: () => START },
    observer: {
      onExchange({ status, body, version: used }) {
        if (status === 200 && used === version) {
          for (const field of missingFields(JSON.parse(body), required)) missing.add(field)
        }
      },
    },
  })
  onEnd(() => emulator.stop())
  onEnd(async () => {
    expect([...missing].filter((field) => !known.includes(field)).sort()).toEqual([])
  })
  return { emulator, stripe: clientOf(name, emulator) }
}

function clientOf(name: Release['name'], { host, port }: StripeEmulator): OlderStripe {
  const Older = LOAD[name]()
  const options = { host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 } as const
  return new Older('sk_test_emulator', options) as OlderStripe
}

/** A customer with a card and a monthly price of $19. */
export async function setUp(stripe: Stripe) {
  const customer = await stripe.customers.create({ email: 'payer@example.org' })
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  await stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: method.id },
  })
  const product = await stripe.products.create({ name: 'Basic' })
  const [basic, pro] = await Promise.all(
    [1900, 4900].map((unit_amount) =>
      stripe.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount,
        recurring: { interval: 'month' },
      }),
    ),
  )
  if (basic === undefined || pro === undefined) throw new Error('no prices')
  return { customer, method, basic, pro }
}
