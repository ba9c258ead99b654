import type { Context } from '../../core/context.ts'
import { longId } from '../../core/ids.ts'
import { formatUnitMoney } from '../../core/money.ts'
import type { InvoiceItem, InvoiceLine, Price, SubscriptionItem } from '../../documents.ts'
import type { Charge } from '../catalog/amount.ts'
import { chargesOf, pricingOf } from '../catalog/amount.ts'
import { activeDiscounts } from '../discounts/active.ts'
import { ownTaxes, setOwnTaxes } from '../tax/own-taxes.ts'

/** A span of time on an invoice, in seconds. */
export interface Period {
  start: number
  end: number
}

/** `1 user × Pro`; the unit only where the product has one (docs/stripe.md, fact 1). */
export function priceText(ctx: Context, price: Price, quantity: number): string {
  const unit = ctx.store.get('products', price.product)?.unit_label
  return `${quantity}${unit ? ` ${unit}` : ''} × ${productName(ctx, price)}`
}

function productName(ctx: Context, price: Price): string {
  return ctx.store.get('products', price.product)?.name ?? price.product
}

/**
 * The lines of a subscription item for one period, in the currency of its subscription: one, or with tiers one for the
 * units and one for the flat amount of each tier that is reached. One free line during a trial.
 */
export function subscriptionLines(
  ctx: Context,
  item: SubscriptionItem,
  about: { period: Period; trial: boolean },
): InvoiceLine[] {
  const lines = linesOf(ctx, item, about)
  for (const { id } of lines) setOwnTaxes(ctx, id, { rates: item.tax_rates ?? [] })
  return lines
}

function linesOf(
  ctx: Context,
  item: SubscriptionItem,
  about: { period: Period; trial: boolean },
): InvoiceLine[] {
  const { price, quantity = 1 } = item
  const owner = ctx.store.get('subscriptions', item.subscription)
  const currency = owner?.currency ?? price.currency
  const discounts = activeDiscounts(ctx, item.discounts, about.period.start)
  const common = { period: about.period, currency, discounts }
  if (about.trial) {
    const charge = { amount: 0, quantity, unitAmount: '0' }
    const description = `Free trial for ${priceText(ctx, price, quantity)}`
    return [itemLine(item, charge, { ...common, description })]
  }
  return chargesOf(ctx, price, { quantity, currency }).map((charge) => {
    const text = charge.isFlat ? productName(ctx, price) : priceText(ctx, price, charge.quantity)
    const description = `${text} (${rateText(price, charge, currency)})`
    return itemLine(item, charge, { ...common, description })
  })
}

/** `at $25.00 / month`, `Tier 2 at $0.036 / month`, `at $0.08 per 60 units / month` (seen on invoices of Stripe). */
function rateText(price: Price, charge: Charge, currency: string): string {
  const tier = charge.tier === null ? '' : `Tier ${charge.tier} `
  const size = price.transform_quantity?.divide_by
  const each = size === undefined ? '' : ` per ${size} units`
  return `${tier}at ${formatUnitMoney(charge.unitAmount, currency)}${each}${intervalSuffix(price)}`
}

function itemLine(
  item: SubscriptionItem,
  charge: Pick<Charge, 'amount' | 'quantity' | 'unitAmount'>,
  about: { period: Period; currency: string; discounts: string[]; description: string },
): InvoiceLine {
  const { price, subscription } = item
  return {
    id: longId('il'),
    object: 'line_item',
    amount: charge.amount,
    currency: about.currency,
    description: about.description,
    discount_amounts: [],
    discountable: true,
    discounts: about.discounts,
    invoice: null,
    livemode: false,
    metadata: item.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: about.period,
    pretax_credit_amounts: [],
    pricing: pricingOf(price, charge.unitAmount),
    quantity: charge.quantity,
    quantity_decimal: String(charge.quantity),
    subscription,
    subtotal: charge.amount,
    taxes: [],
  }
}

function intervalSuffix(price: Price): string {
  if (price.recurring === null) return ''
  const { interval, interval_count: count } = price.recurring
  return count === 1 ? ` / ${interval}` : ` / every ${count} ${interval}s`
}

/** The line of an invoice item on an invoice: a new one, or (`id`) one that it has already. */
export function invoiceItemLine(
  ctx: Context,
  item: InvoiceItem,
  id: string = longId('il'),
): InvoiceLine {
  setOwnTaxes(ctx, id, ownTaxes(ctx, item.id))
  return {
    id,
    object: 'line_item',
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: item.discountable,
    discounts: item.discounts ?? [],
    invoice: null,
    livemode: false,
    metadata: item.metadata ?? {},
    parent: parentOf(item),
    period: item.period,
    pretax_credit_amounts: [],
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: item.parent?.subscription_details?.subscription ?? null,
    subtotal: item.amount,
    taxes: [],
  }
}

type LineParent = NonNullable<InvoiceLine['parent']>

function parentOf(item: InvoiceItem): LineParent {
  const credited = item.proration_details?.credited_items?.invoice_line_item_details ?? null
  const details = {
    invoice_item: item.id,
    proration: item.proration,
    proration_details: { credited_items: credited },
  }
  const from = item.parent?.subscription_details ?? null
  if (from?.subscription_item === undefined) {
    return {
      invoice_item_details: { ...details, subscription: from?.subscription ?? null },
      subscription_item_details: null,
      type: 'invoice_item_details',
    }
  }
  const { subscription, subscription_item } = from
  return {
    invoice_item_details: null,
    subscription_item_details: { ...details, subscription, subscription_item },
    type: 'subscription_item_details',
  }
}
