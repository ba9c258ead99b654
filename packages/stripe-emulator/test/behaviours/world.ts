import type Stripe from 'stripe'
import { firstItem, payer, start } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'

type Params = Partial<Stripe.SubscriptionCreateParams>

/** A product with three monthly prices: two of $10, one of $20. */
async function plans(stripe: Stripe) {
  const product = await stripe.products.create({ name: 'Plan' })
  const monthly = (unit_amount: number) =>
    stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount,
      recurring: { interval: 'month' },
    })
  return {
    product: product.id,
    basic: (await monthly(1000)).id,
    other: (await monthly(1000)).id,
    premium: (await monthly(2000)).id,
  }
}

/** An emulator with the three prices, and a customer with a default card. */
export async function store(card = 'pm_card_visa') {
  const { stripe, emulator } = await start({ observer: checkedObserver({ provoking: true }) })
  const prices = await plans(stripe)
  const { customer, method } = await payer(stripe, card)
  const subscribe = (price: string, params: Params = {}) =>
    stripe.subscriptions.create({ customer: customer.id, items: [{ price }], ...params })
  /** Makes another card the default. */
  const payWith = async (token: string) => {
    const other = await stripe.paymentMethods.attach(token, { customer: customer.id })
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: other.id },
    })
    return other
  }
  const invoices = async () => (await stripe.invoices.list({ customer: customer.id })).data
  const preview = (subscription: string, details = {}) =>
    stripe.invoices.createPreview({ subscription, subscription_details: details })
  return { stripe, emulator, customer, method, subscribe, payWith, invoices, preview, ...prices }
}

export type Store = Awaited<ReturnType<typeof store>>

/** Puts the one item of a subscription on another price. */
export async function swap(
  { stripe }: Pick<Store, 'stripe'>,
  id: string,
  price: string,
  params: Stripe.SubscriptionUpdateParams = {},
) {
  const item = firstItem(await stripe.subscriptions.retrieve(id)).id
  return stripe.subscriptions.update(id, { items: [{ id: item, price }], ...params })
}

/** The payment intent of the latest invoice of a subscription. */
export async function latestIntent(stripe: Stripe, id: string): Promise<Stripe.PaymentIntent> {
  const { latest_invoice: invoice } = await stripe.subscriptions.retrieve(id)
  const { data } = await stripe.invoicePayments.list({ invoice: String(invoice) })
  return stripe.paymentIntents.retrieve(String(data[0]?.payment.payment_intent))
}
