import { ACCOUNT } from '../../../core/account.ts'
import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { Customer, Invoice, InvoiceItem } from '../../../documents.ts'
import { currencyParam } from '../../../http/params/currency.ts'
import { decimal } from '../../../http/params/decimal.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { boolean, integer, oneOf, text, unsupportedParams } from '../../../http/params/param.ts'
import { periodParam } from '../../../http/params/period.ts'
import { changeMetadata, listOf, metadata, shape } from '../../../http/params/shape.ts'
import { oneTimePriceData } from '../../catalog/inline-price.ts'
import { discountInvoiceItem } from '../../discounts/of/invoice.ts'
import { discountsParam } from '../../discounts/redeem/discount-params.ts'
import { setOwnTaxes } from '../../tax/own-taxes.ts'
import { newTaxRates, readTaxRates, taxRatesParam } from '../../tax/rates/tax-rate.ts'
import { createInvoice, lineList } from '../invoice.ts'
import { changeItem } from '../items/change-item.ts'
import { createInvoiceItem } from '../items/invoice-item.ts'
import { itemCost } from '../items/item-pricing.ts'
import { invoiceItemLine } from '../line.ts'
import { withTotals } from '../totals.ts'

const previewItem = shape({
  ...unsupportedParams('quantity_decimal', 'tax_code'),
  amount: integer(),
  currency: currencyParam,
  description: text,
  discountable: boolean,
  discounts: discountsParam,
  invoiceitem: text,
  metadata,
  period: periodParam,
  price: text,
  price_data: oneTimePriceData,
  quantity: integer({ min: 0 }),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tax_rates: taxRatesParam,
  unit_amount: integer(),
  unit_amount_decimal: decimal({ negative: true }),
})

/** The invoice items that a preview adds, and the pending ones that it changes. */
export const previewItems = listOf(previewItem)

type PreviewItem = ValueOf<typeof previewItem>

/** Changes the pending invoice items that a preview names. Throws 400. */
export function changePendingItems(
  ctx: Context,
  customer: Customer,
  items: readonly PreviewItem[],
): void {
  for (const [index, item] of items.entries()) {
    if (item.invoiceitem === undefined) continue
    const nameOf = (name: string) => `invoice_items[${index}][${name}]`
    const pending = ctx.store.get('invoice_items', item.invoiceitem)
    if (pending?.customer !== customer.id || pending.invoice !== null) {
      throw noSuch('invoiceitem', item.invoiceitem, nameOf('invoiceitem'))
    }
    if (item.currency !== undefined) {
      throw invalidRequest('The `currency` is only for new invoice items.', {
        param: nameOf('currency'),
      })
    }
    const { price, unit_amount: unit, ...change } = item
    const changed = changeItem(ctx, pending, {
      change: {
        ...change,
        ...(price === undefined ? {} : { pricing: { price } }),
        ...(unit === undefined ? {} : { unit_amount_decimal: String(unit) }),
      },
      nameOf,
    })
    setTaxes(ctx, changed, { item, nameOf })
    if (item.discounts === undefined) continue
    discountInvoiceItem(ctx, changed, { wanted: item.discounts, param: nameOf('discounts') })
  }
}

function setTaxes(
  ctx: Context,
  changed: InvoiceItem,
  { item, nameOf }: { item: PreviewItem; nameOf: (name: string) => string },
): void {
  const { tax_behavior: behavior, tax_rates: ids } = item
  if (behavior === undefined && ids === undefined) return
  const rates = readTaxRates(ctx, ids, nameOf('tax_rates')) ?? changed.tax_rates ?? []
  setOwnTaxes(ctx, changed.id, { rates, behavior: behaviorOf(behavior) })
}

function behaviorOf(behavior: PreviewItem['tax_behavior']): 'exclusive' | 'inclusive' | null {
  return behavior === undefined || behavior === 'unspecified' ? null : behavior
}

/** An invoice that is previewed, with the new invoice items as its first lines. Throws 400. */
export function withPreviewItems(
  ctx: Context,
  invoice: Invoice,
  items: readonly PreviewItem[],
): Invoice {
  const added = items.flatMap((item, index) =>
    item.invoiceitem === undefined ? newItem(ctx, invoice, { item, index }) : [],
  )
  if (added.length === 0) return invoice
  const ofItems = added.map((item) => invoiceItemLine(ctx, item))
  return withTotals(ctx, {
    ...invoice,
    lines: lineList(invoice.id, [...ofItems, ...invoice.lines.data]),
  })
}

function newItem(
  ctx: Context,
  invoice: Invoice,
  { item, index }: { item: PreviewItem; index: number },
): InvoiceItem {
  const nameOf = (name: string) => `invoice_items[${index}][${name}]`
  const unit = item.unit_amount_decimal ?? item.unit_amount?.toString()
  const costs = { ...item, unit_amount_decimal: unit }
  const cost = itemCost(ctx, costs, { currency: invoice.currency, priceParam: nameOf('price') })
  if (cost.currency !== invoice.currency) {
    throw invalidRequest(
      `The price specified only supports \`${cost.currency}\`. This doesn't match the expected currency: \`${invoice.currency}\`.`,
      { param: nameOf('currency') },
    )
  }
  const now = ctx.timeOf(invoice.test_clock)
  const created = createInvoiceItem(ctx, {
    ...cost,
    customer: invoice.customer ?? '',
    description: item.description ?? cost.description,
    period: item.period ?? { start: now, end: now },
    proration: false,
    discountable: item.discountable,
    parent: null,
    credited: null,
    metadata: changeMetadata({}, item.metadata),
    taxRates: newTaxRates(ctx, item.tax_rates, nameOf('tax_rates')),
    taxBehavior: behaviorOf(item.tax_behavior),
  })
  if (item.discounts === undefined) return created
  return discountInvoiceItem(ctx, created, { wanted: item.discounts, param: nameOf('discounts') })
}

/** The blank invoice of a preview of invoice items alone: not one of a subscription. */
export function previewItemsAlone(
  ctx: Context,
  customer: Customer,
  params: { currency?: string; invoice_items?: readonly PreviewItem[] },
): Invoice {
  const now = ctx.timeOf(customer.test_clock)
  const given = (params.invoice_items ?? []).flatMap((item) => currencyOf(ctx, item) ?? [])
  return createInvoice(ctx, {
    customer,
    subscription: null,
    reason: 'manual',
    lines: [],
    items: [],
    period: { start: now, end: now },
    currency: params.currency ?? given[0] ?? customer.currency ?? ACCOUNT.currency,
    collectionMethod: 'charge_automatically',
    daysUntilDue: null,
    finalizesAt: null,
    description: null,
    metadata: {},
  })
}

function currencyOf(ctx: Context, item: PreviewItem): string | undefined {
  return (
    item.currency ??
    item.price_data?.currency ??
    ctx.store.get('prices', item.price ?? '')?.currency
  )
}
