import type { Context } from '../../../core/context.ts'
import type { Invoice } from '../../../documents.ts'
import { currencyParam } from '../../../http/params/currency.ts'
import { decimal } from '../../../http/params/decimal.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { boolean, integer, text, unsupportedParams } from '../../../http/params/param.ts'
import { periodParam } from '../../../http/params/period.ts'
import { changeMetadata, listOf, metadata, shape } from '../../../http/params/shape.ts'
import { oneTimePriceData } from '../../catalog/inline-price.ts'
import { lineList } from '../invoice.ts'
import { createInvoiceItem } from '../items/invoice-item.ts'
import { itemCost } from '../items/item-pricing.ts'
import { invoiceItemLine } from '../line.ts'
import { withTotals } from '../totals.ts'

const previewItem = shape({
  ...unsupportedParams(
    'discounts',
    'invoiceitem',
    'quantity_decimal',
    'tax_behavior',
    'tax_code',
    'tax_rates',
  ),
  amount: integer(),
  currency: currencyParam,
  description: text,
  discountable: boolean,
  metadata,
  period: periodParam,
  price: text,
  price_data: oneTimePriceData,
  quantity: integer({ min: 0 }),
  unit_amount: integer(),
  unit_amount_decimal: decimal({ negative: true }),
})

/** The invoice items that a preview adds. */
export const previewItems = listOf(previewItem)

/** An invoice that is previewed, with further items as its first lines. Throws 400. */
export function withPreviewItems(
  ctx: Context,
  invoice: Invoice,
  items: ValueOf<typeof previewItems> | undefined,
): Invoice {
  if (items === undefined || items.length === 0) return invoice
  const now = ctx.timeOf(invoice.test_clock)
  const added = items.map((item, index) => {
    const unit = item.unit_amount_decimal ?? item.unit_amount?.toString()
    const costs = { ...item, unit_amount_decimal: unit }
    const priceParam = `invoice_items[${index}][price]`
    const cost = itemCost(ctx, costs, { currency: invoice.currency, priceParam })
    const doc = createInvoiceItem(ctx, {
      ...cost,
      customer: invoice.customer ?? '',
      description: item.description ?? cost.description,
      period: item.period ?? { start: now, end: now },
      proration: false,
      discountable: item.discountable,
      parent: null,
      credited: null,
      metadata: changeMetadata({}, item.metadata),
    })
    return invoiceItemLine(ctx, doc)
  })
  const lines = lineList(invoice.id, [...added, ...invoice.lines.data])
  return withTotals(ctx, { ...invoice, lines })
}
