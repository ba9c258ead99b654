import { createHmac } from 'node:crypto'
import { wire } from './load.ts'

/** A webhook's body as Stripe keeps it, before it is sent. */
export interface StripeEvent {
  id: string
  type: string
  created: number
  data: { object: { customer?: string; id: string; object: string } }
}

/** What `plans push` subscribes to of all that a new subscription and its first invoice cause. */
const SUBSCRIBED = new Set([
  'customer.subscription.created',
  'customer.subscription.updated',
  'invoice.finalized',
  'invoice.paid',
  'invoice.updated',
])

/** Speaks to the local Stripe in its own form encoding. */
async function call<T>(origin: string, path: string, form?: Record<string, string>): Promise<T> {
  const response = await fetch(`${origin}/v1/${path}`, {
    method: form ? 'POST' : 'GET',
    headers: { authorization: 'Bearer sk_test_bench' },
    ...(form && { body: new URLSearchParams(form) }),
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return (await response.json()) as T
}

interface Made {
  id: string
}

/** Makes as many paying customers at Stripe, and answers their ids. */
export async function addPayers(origin: string, count: number): Promise<string[]> {
  const product = await call<Made>(origin, 'products', { name: 'Pro' })
  const price = await call<Made>(origin, 'prices', {
    product: product.id,
    currency: 'usd',
    unit_amount: '4900',
    'recurring[interval]': 'month',
    lookup_key: 'tollgate_pro',
  })
  const customers: string[] = []
  for (let i = 0; i < count; i += 1) {
    const { id: customer } = await call<Made>(origin, 'customers', { email: `${i}@example.com` })
    const card = await call<Made>(origin, 'payment_methods/pm_card_visa/attach', { customer })
    const { id } = await call<Made>(origin, 'subscriptions', {
      customer,
      default_payment_method: card.id,
      'items[0][price]': price.id,
    })
    await setNote(origin, id, 'first')
    customers.push(customer)
  }
  return customers
}

/** A change that every later read of the subscription shows. */
export async function setNote(origin: string, subscription: string, note: string): Promise<void> {
  await call(origin, `subscriptions/${subscription}`, { 'metadata[note]': note })
}

/** Sets when each subscription of a customer ends: what our row and Stripe must agree on. */
export async function cancelAtPeriodEnd(origin: string, customer: string): Promise<void> {
  const { data } = await call<{ data: Made[] }>(origin, `subscriptions?customer=${customer}`)
  for (const { id } of data) {
    await call(origin, `subscriptions/${id}`, { cancel_at_period_end: 'true' })
  }
}

/** When Stripe says that a customer's subscription ends, in seconds. */
export async function cancelAtOf(origin: string, customer: string): Promise<number | null> {
  type Page = { data: { cancel_at: number | null }[] }
  const { data } = await call<Page>(origin, `subscriptions?customer=${customer}`)
  return data[0]?.cancel_at ?? null
}

/** The events that the customers have caused, the oldest first. */
export async function eventsOf(origin: string): Promise<StripeEvent[]> {
  const events: StripeEvent[] = []
  let more = true
  while (more) {
    const after = events.at(-1)
    const cursor = after ? `&starting_after=${after.id}` : ''
    const page = await call<{ data: StripeEvent[]; has_more: boolean }>(
      origin,
      `events?limit=100${cursor}`,
    )
    events.push(...page.data)
    more = page.has_more
  }
  return events.filter(({ type }) => SUBSCRIBED.has(type)).reverse()
}

let sent = 0

/** The request by which Stripe delivers an event: under an id of its own, signed now, newer than the one before. */
export function delivery(event: StripeEvent, path: string, secret: string): Buffer {
  sent += 1
  const body = JSON.stringify(
    { ...event, id: `evt_${sent}`, created: event.created + sent },
    null,
    2,
  )
  const at = Math.floor(performance.timeOrigin / 1_000 + performance.now() / 1_000)
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Stripe-Signature': `t=${at},v1=${signature}`,
  }
  return wire('POST', path, { headers, body })
}
