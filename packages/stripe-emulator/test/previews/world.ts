import type Stripe from 'stripe'
import type { EmulatorOptions, StripeEmulator } from '../../src/index.ts'
import { DAY_MS, payer, seconds, shop, start } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'

export const DAY = 86_400

/** A shop with prices of each kind, a payer, coupons and tax rates. */
export async function previewWorld(options: EmulatorOptions = {}) {
  const { emulator, stripe } = await start({
    tax: { percentage: 10 },
    observer: checkedObserver({ provoking: true }),
    ...options,
  })
  const prices = await shop(stripe)
  const product = String(prices.basic.product)
  const recurring = { interval: 'month' as const }
  const tiered = await stripe.prices.create({
    product,
    currency: 'usd',
    recurring,
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: [
      { up_to: 5, unit_amount: 700 },
      { up_to: 'inf', unit_amount: 300, flat_amount: 500 },
    ],
  })
  const taxable = await stripe.prices.create({
    product,
    currency: 'usd',
    recurring,
    unit_amount: 2500,
    tax_behavior: 'exclusive',
  })
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  })
  const metered = await stripe.prices.create({
    product,
    currency: 'usd',
    unit_amount: 2,
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  })
  const once = await stripe.prices.create({ product, currency: 'usd', unit_amount: 777 })
  const rate = (percentage: number, inclusive = false) =>
    stripe.taxRates.create({ display_name: 'VAT', percentage, inclusive })
  const { customer } = await payer(stripe)
  await stripe.customers.update(customer.id, { address: { country: 'DE' } })
  return {
    emulator,
    stripe,
    customer,
    product,
    prices: { ...prices, metered, once, taxable, tiered },
    rates: { onTop: await rate(20), included: await rate(7, true) },
    half: await stripe.coupons.create({ percent_off: 50, duration: 'forever' }),
    first: await stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'once' }),
    now: () => seconds(emulator.clock.now()),
    /** Reports usage of the metered price now. */
    use: (value: number) =>
      stripe.billing.meterEvents.create({
        event_name: 'calls',
        payload: { stripe_customer_id: customer.id, value: String(value) },
      }),
    wait: (days: number) => emulator.clock.advanceBy(days * DAY_MS),
  }
}

export type World = Awaited<ReturnType<typeof previewWorld>>

/** What is the same of a preview and of the invoice that follows. */
export function billed(invoice: Stripe.Invoice) {
  const { collection_method, currency, created, default_tax_rates, description, due_date } = invoice
  return {
    collection_method,
    created,
    currency,
    default_tax_rates: default_tax_rates.map(({ id }) => id),
    description,
    due_date,
    metadata: invoice.parent?.subscription_details?.metadata ?? null,
    period: [invoice.period_start, invoice.period_end],
    subtotal: invoice.subtotal,
    total: invoice.total,
    discounts: invoice.total_discount_amounts?.map(({ amount }) => amount),
    taxes: invoice.total_taxes?.map(({ amount, tax_behavior }) => [amount, tax_behavior]),
    due: invoice.amount_due,
    lines: invoice.lines.data.map((line) => ({
      amount: line.amount,
      description: line.description,
      discounts: line.discount_amounts?.map(({ amount }) => amount),
      metadata: line.metadata,
      period: line.period,
      price: line.pricing?.unit_amount_decimal,
      proration:
        line.parent?.subscription_item_details?.proration ??
        line.parent?.invoice_item_details?.proration,
      quantity: line.quantity,
      taxes: line.taxes?.map(({ amount }) => amount),
    })),
  }
}

async function invoicesOf(stripe: Stripe, customer: string): Promise<Stripe.Invoice[]> {
  const { data } = await stripe.invoices.list({ customer, limit: 100 })
  return data
}

const MOST_DAYS = 800

/** The first invoice of a customer that follows on `work`, now or as time passes. */
export async function invoiceAfter(
  { emulator, stripe }: { emulator: StripeEmulator; stripe: Stripe },
  customer: string,
  work: () => Promise<unknown>,
): Promise<Stripe.Invoice> {
  const known = new Set((await invoicesOf(stripe, customer)).map(({ id }) => id))
  await work()
  for (let day = 0; day < MOST_DAYS; day += 1) {
    const made = (await invoicesOf(stripe, customer)).filter(({ id }) => !known.has(id))
    const first = made.at(-1)
    if (first !== undefined) return first
    emulator.clock.advanceBy(DAY_MS)
  }
  throw new Error('no invoice follows')
}
