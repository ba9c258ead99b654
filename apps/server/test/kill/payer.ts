import { createHmac } from 'node:crypto'
import { createCheckout, syncBilling } from '@tollgate/core'
import { WEBHOOK_SECRET } from '../harness.ts'
import type { KillWorld } from './world.ts'

/** Pays on Stripe's page. */
export async function pay(url: string): Promise<void> {
  const body = new URLSearchParams({
    cardNumber: '4242 4242 4242 4242',
    cardExpiry: '12 / 34',
    cardCvc: '123',
    billingName: 'Ada Lovelace',
    email: 'ada@example.com',
  })
  const response = await fetch(url, { method: 'POST', redirect: 'manual', body })
  if (response.status !== 303 && response.status !== 302) {
    throw new Error(`not paid: ${response.status}`)
  }
}

/** The Stripe-Signature of a body, now. */
export function signatureOf({ core }: Pick<KillWorld, 'core'>, body: string): string {
  const at = Math.floor(core.clock.now().getTime() / 1_000)
  const digest = createHmac('sha256', WEBHOOK_SECRET).update(`${at}.${body}`).digest('hex')
  return `t=${at},v1=${digest}`
}

/** Makes a user a subscriber, here and at Stripe. */
export async function subscribe(
  { core }: Pick<KillWorld, 'core'>,
  { userId, plan }: { userId: string; plan: 'basic' | 'pro' },
): Promise<void> {
  const { url } = await createCheckout(core, { userId, plan })
  await pay(url)
  await syncBilling(core, { userId })
}

/** Lets a user subscribe at Stripe, of which nothing is known here; the event that tells of it, as Stripe sends it. */
export async function subscribeUnheard(
  { core }: Pick<KillWorld, 'core'>,
  { userId, plan }: { userId: string; plan: 'basic' | 'pro' },
): Promise<{ id: string; body: string }> {
  const { url } = await createCheckout(core, { userId, plan })
  await pay(url)
  const [event] = await core.stripe.call(async (stripe) => {
    const { data } = await stripe.events.list({ type: 'customer.subscription.created', limit: 1 })
    return data
  })
  if (!event) throw new Error('no event tells of the subscription')
  return { id: event.id, body: JSON.stringify(event, null, 2) }
}
