import { openStripeGate } from '../../testing/src/stripe-gate.ts'

/** A way to Stripe on which the answer to the first look at a customer waits until it is let go. */
export interface HeldStripe {
  origin: string
  /** Resolves when Stripe has given that answer. */
  held: Promise<void>
  letGo: () => void
  /** How often somebody looked: once a sync. */
  looks: () => number
  close: () => Promise<void>
}

export async function openHeldStripe(stripe: string): Promise<HeldStripe> {
  let looks = 0
  let letGo: () => void = () => undefined
  const free = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let hold: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    hold = resolve
  })
  const gate = await openStripeGate(stripe, async ({ method, url }) => {
    if (method !== 'GET' || !url.startsWith('/v1/subscriptions?')) return true
    looks += 1
    hold()
    await free
    return true
  })
  return { origin: gate.url, held, letGo, looks: () => looks, close: gate.close }
}
