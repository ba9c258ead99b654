import type Stripe from 'stripe'
import { card, post } from '../harness.ts'

type Params = Partial<Stripe.Checkout.SessionCreateParams>

const CARD = { ...card('4242424242424242'), email: 'payer@example.org' }

/** A session for two mugs of $15. */
export function mugs(stripe: Stripe, params: Params = {}): Promise<Stripe.Checkout.Session> {
  const mug = { currency: 'usd', unit_amount: 1500, product_data: { name: 'Mug' } }
  return stripe.checkout.sessions.create({
    success_url: 'https://app.test/done',
    mode: 'payment',
    line_items: [{ quantity: 2, price_data: { ...mug, tax_behavior: 'exclusive' } }],
    ...params,
  })
}

/** A session for a plan of $20 a month. */
export function plan(stripe: Stripe, params: Params = {}): Promise<Stripe.Checkout.Session> {
  const recurring = { interval: 'month' } as const
  const pro = { currency: 'usd', unit_amount: 2000, product_data: { name: 'Pro' }, recurring }
  return stripe.checkout.sessions.create({
    success_url: 'https://app.test/done',
    mode: 'subscription',
    line_items: [{ quantity: 1, price_data: { ...pro, tax_behavior: 'exclusive' } }],
    ...params,
  })
}

/** Submits the page of a session with a card. */
export function pay(
  session: Stripe.Checkout.Session,
  typed: Record<string, string> = {},
): Promise<Response> {
  return post(session.url ?? '', { ...CARD, ...typed })
}

/** The session of another, with its totals and what it led to. */
export function shown(stripe: Stripe, { id }: Stripe.Checkout.Session) {
  return stripe.checkout.sessions.retrieve(id, {
    expand: ['total_details.breakdown', 'invoice', 'subscription', 'payment_intent', 'customer'],
  })
}

/** A value that was expanded. */
export function expanded<T extends { id: string }>(value: T | string | null | undefined): T {
  if (value == null || typeof value === 'string') throw new Error('not expanded')
  return value
}
