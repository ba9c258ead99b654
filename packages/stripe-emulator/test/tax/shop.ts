import type Stripe from 'stripe'
import { payer, shop } from '../harness.ts'

/** A shop, a payer, and tax rates: 20 % on top, 25 % included. */
export async function taxedShop(stripe: Stripe) {
  const prices = await shop(stripe)
  const { customer } = await payer(stripe)
  const rate = (percentage: number, inclusive: boolean) =>
    stripe.taxRates.create({ display_name: 'VAT', percentage, inclusive })
  return { ...prices, customer, onTop: await rate(20, false), included: await rate(25, true) }
}

export function invoiceOf(subscription: Stripe.Subscription): Stripe.Invoice {
  const { latest_invoice: invoice } = subscription
  if (invoice === null || typeof invoice === 'string') throw new Error('not expanded')
  return invoice
}

/** A draft with one line of an amount. */
export async function draftOf(
  stripe: Stripe,
  customer: string,
  item: Omit<Stripe.InvoiceItemCreateParams, 'customer'>,
  params: Stripe.InvoiceCreateParams = {},
): Promise<Stripe.Invoice> {
  const { id } = await stripe.invoices.create({ customer, ...params })
  const currency = item.amount === undefined ? {} : { currency: 'usd' }
  await stripe.invoiceItems.create({ customer, invoice: id, ...currency, ...item })
  return stripe.invoices.retrieve(id)
}
