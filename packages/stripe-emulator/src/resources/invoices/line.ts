import type { Context } from '../../core/context.ts'
import { longId } from '../../core/ids.ts'
import { formatMoney } from '../../core/money.ts'
import type { InvoiceItem, InvoiceLine, Price, SubscriptionItem } from '../../documents.ts'
import { priceAmount } from '../catalog/amount.ts'
import { activeDiscounts } from '../discounts/active.ts'

/** A span of time on an invoice, in seconds. */
export interface Period {
  start: number
  end: number
}

/** `1 user × Pro`; the unit only where the product has one (docs/stripe.md, fact 1). */
export function priceText(ctx: Context, price: Price, quantity: number): string {
  const product = ctx.store.get('products', price.product)
  const unit = product?.unit_label ? ` ${product.unit_label}` : ''
  return `${quantity}${unit} × ${product?.name ?? price.product}`
}

/** The line of a subscription item for one period; free during a trial. */
export function subscriptionLine(
  ctx: Context,
  item: SubscriptionItem,
  about: { period: Period; trial: boolean },
): InvoiceLine {
  const { price, quantity } = item
  const amount = about.trial ? 0 : priceAmount(price, quantity)
  const at = `(at ${formatMoney(price.unit_amount ?? 0, price.currency)}${intervalSuffix(price)})`
  const text = priceText(ctx, price, quantity)
  return {
    id: longId('il'),
    object: 'line_item',
    amount,
    currency: price.currency,
    description: about.trial ? `Free trial for ${text}` : `${text} ${at}`,
    discount_amounts: [],
    discountable: true,
    discounts: activeDiscounts(ctx, item.discounts, about.period.start),
    invoice: null,
    livemode: false,
    metadata: item.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: item.subscription,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: about.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: about.trial ? '0' : price.unit_amount_decimal,
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription: item.subscription,
    subtotal: amount,
    taxes: [],
  }
}

function intervalSuffix(price: Price): string {
  if (price.recurring === null) return ''
  const { interval, interval_count: count } = price.recurring
  return count === 1 ? ` / ${interval}` : ` every ${count} ${interval}s`
}

/** The line of an invoice item on an invoice. */
export function invoiceItemLine(item: InvoiceItem): InvoiceLine {
  return {
    id: longId('il'),
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
