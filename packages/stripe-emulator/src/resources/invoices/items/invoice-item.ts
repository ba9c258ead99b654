import type { Context } from '../../../core/context.ts'
import { longId } from '../../../core/ids.ts'
import type { InvoiceItem, TaxRate } from '../../../documents.ts'
import { setOwnTaxes } from '../../tax/own-taxes.ts'
import type { Period } from '../line.ts'

/** The values of a new invoice item. */
export interface NewInvoiceItem {
  customer: string
  amount: number
  currency: string
  description: string | null
  period: Period
  quantity: number
  proration: boolean
  /** Whether the discounts of the invoice apply; false by default for prorations and negative amounts. */
  discountable?: boolean | undefined
  pricing: InvoiceItem['pricing']
  parent: InvoiceItem['parent']
  /** The discounts that a proration already contains. */
  includedDiscounts?: readonly string[] | undefined
  credited: { invoice: string; invoice_line_items: string[] } | null
  metadata: Record<string, string>
  /** Its own tax rates, instead of the default ones of the invoice. */
  taxRates?: TaxRate[]
  /** Whether its amount includes automatic tax. */
  taxBehavior?: 'exclusive' | 'inclusive' | null
}

/** Creates an invoice item that is pending for the customer's next invoice. */
export function createInvoiceItem(ctx: Context, item: NewInvoiceItem): InvoiceItem {
  const testClock = ctx.store.get('customers', item.customer)?.test_clock ?? null
  const doc = ctx.store.put('invoice_items', {
    id: longId('ii'),
    object: 'invoiceitem',
    amount: item.amount,
    currency: item.currency,
    customer: item.customer,
    customer_account: null,
    date: ctx.timeOf(testClock),
    description: item.description,
    discountable: item.discountable ?? (!item.proration && item.amount >= 0),
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: item.metadata,
    net_amount: item.amount,
    parent: item.parent,
    period: item.period,
    pricing: item.pricing,
    proration: item.proration,
    ...(item.proration
      ? {
          proration_details: {
            credited_items:
              item.credited === null
                ? null
                : { invoice_line_item_details: item.credited, type: 'invoice_line_items' },
            // Already in the amount, so that nothing is taken off again (docs.stripe.com, changelog 2025-09-30).
            discount_amounts: (item.includedDiscounts ?? []).map((discount) => ({
              amount: 0,
              discount,
            })),
          },
        }
      : {}),
    quantity: item.quantity,
    quantity_decimal: String(item.quantity),
    tax_rates: item.taxRates ?? [],
    test_clock: testClock,
  })
  setOwnTaxes(ctx, doc.id, { rates: doc.tax_rates ?? [], behavior: item.taxBehavior ?? null })
  ctx.emit('invoiceitem.created', doc)
  return doc
}

/** The pending items of a subscription, or (null) those without one. Oldest first. */
export function pendingItems(
  ctx: Context,
  customer: string,
  subscription: string | null,
): InvoiceItem[] {
  return ctx.store
    .find('invoice_items', { index: 'pending', key: customer })
    .filter((item) => (item.parent?.subscription_details?.subscription ?? null) === subscription)
    .reverse()
}
