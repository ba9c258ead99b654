import Stripe from 'stripe'

/** A client of the emulator at `url`. */
export function clientOf(url: string): Stripe {
  const { hostname: host, port } = new URL(url)
  return new Stripe('sk_test_bench', { host, port, protocol: 'http', telemetry: false })
}

/** A price of 19 USD a month. */
export async function monthlyPrice(stripe: Stripe): Promise<string> {
  const price = await stripe.prices.create({
    currency: 'usd',
    product_data: { name: 'Basic' },
    recurring: { interval: 'month' },
    unit_amount: 1900,
  })
  return price.id
}

/** A new customer whose card pays. */
export async function payer(stripe: Stripe): Promise<string> {
  const { id } = await stripe.customers.create({
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    payment_method: 'pm_card_visa',
  })
  return id
}
