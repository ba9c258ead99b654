import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { afterEach } from 'vitest'
import type { EmulatorOptions, StripeEmulator } from '../src/index.ts'
import { startStripeEmulator } from '../src/index.ts'
import { checkEvent, checkedObserver } from './schemas/observe.ts'

export const START = new Date('2026-11-10T18:29:24Z')
export const DAY_MS = 86_400_000
export const HOUR_MS = 3_600_000

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

export function onEnd(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup)
}

export function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

export function clientOf(emulator: StripeEmulator, key = 'sk_test_emulator'): Stripe {
  const { host, port } = emulator
  return new Stripe(key, { host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
}

/** An emulator with a clock that stands still until it is advanced, and a client. */
export async function start(options: EmulatorOptions = {}) {
  const emulator = await startStripeEmulator({
    clock: { now: () => START },
    observer: checkedObserver(),
    ...options,
  })
  onEnd(() => emulator.stop())
  return { emulator, stripe: clientOf(emulator) }
}

export interface Received {
  headers: IncomingHttpHeaders
  body: string
  event: Stripe.Event
}

/** A receiver of webhooks that responds with the status of `answer`, 200 by default. */
export async function receiver(answer: (received: Received) => number = () => 200) {
  const received: Received[] = []
  let arrived: () => void = () => undefined
  const first = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const one = { headers: request.headers, body, event: JSON.parse(body) }
      received.push(one)
      if (one.event.api_version === Stripe.API_VERSION) checkEvent(one.event)
      arrived()
      response.writeHead(answer(one), { connection: 'close' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onEnd(() => new Promise((resolve) => server.close(() => resolve())))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhook`,
    received,
    /** Resolves when the first webhook has arrived. */
    first,
    types: () => received.map((one) => one.event.type),
  }
}

/** Prices: two monthly ones and a yearly one. */
export async function shop(stripe: Stripe) {
  const make = async (name: string, amount: number, interval: 'month' | 'year' = 'month') => {
    const product = await stripe.products.create({ name })
    return stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: amount,
      recurring: { interval },
    })
  }
  return {
    basic: await make('Basic', 1900),
    pro: await make('Pro', 4900),
    yearly: await make('Yearly', 49_000, 'year'),
  }
}

/** A customer with a default card. */
export async function payer(stripe: Stripe, card = 'pm_card_visa') {
  const customer = await stripe.customers.create({ email: 'payer@example.org', name: 'A Payer' })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  await stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: method.id },
  })
  return { customer, method }
}

/** A customer with a default card and a subscription. */
export async function subscriber(stripe: Stripe, price: string, card?: string) {
  const { customer, method } = await payer(stripe, card)
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price }],
  })
  return { customer, method, subscription }
}

export function firstItem(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item] = subscription.items.data
  if (item === undefined) throw new Error('a subscription without items')
  return item
}

export async function latestInvoice(stripe: Stripe, subscription: string): Promise<Stripe.Invoice> {
  const { latest_invoice: id } = await stripe.subscriptions.retrieve(subscription)
  if (typeof id !== 'string') throw new Error('a subscription without an invoice')
  return stripe.invoices.retrieve(id)
}

/** Posts a form of a hosted page, without following the redirect. */
export function post(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
}

export function card(number: string): Record<string, string> {
  return { cardNumber: number, cardExpiry: '12 / 34', cardCvc: '123', billingName: 'A Payer' }
}

/** The error of the `stripe` package that a call rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('it was not rejected')
}
