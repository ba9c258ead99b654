import type Stripe from 'stripe'
import { command } from './built.ts'
import { clientOf, monthlyPrice, payer } from './payers.ts'

const WARM_UP = 50

async function subscribe(stripe: Stripe, price: string): Promise<number> {
  const customer = await payer(stripe)
  const begin = performance.now()
  const { status } = await stripe.subscriptions.create({ customer, items: [{ price }] })
  const took = performance.now() - begin
  if (status !== 'active') throw new Error(`a subscription is ${status}`)
  return took
}

/** Creates subscriptions, one after the other, through the SDK and HTTP; answers the milliseconds of each. */
export async function createSubscriptions(count: number): Promise<number[]> {
  const { url, end } = await command()
  try {
    const stripe = clientOf(url)
    const price = await monthlyPrice(stripe)
    for (let i = 0; i < WARM_UP; i += 1) await subscribe(stripe, price)
    const took: number[] = []
    for (let i = 0; i < count; i += 1) took.push(await subscribe(stripe, price))
    return took
  } finally {
    await end()
  }
}
