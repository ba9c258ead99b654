import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch, notEmulated } from '../../../core/errors.ts'
import type { Invoice, InvoiceItem, InvoiceLine } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import type { Param, ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  emptyable,
  integer,
  oneOf,
  required,
  text,
  unsupported,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { periodParam } from '../../../http/params/period.ts'
import { changeMetadata, listOf, metadata, shape } from '../../../http/params/shape.ts'
import { linePriceData } from '../../catalog/inline-price.ts'
import { newTaxRates } from '../../tax/rates/tax-rate.ts'
import { changeItem } from '../items/change-item.ts'
import { createInvoiceItem } from '../items/invoice-item.ts'
import { itemCost } from '../items/item-pricing.ts'
import { requireDraft } from './change-draft.ts'
import { invoiceInPath } from './delete-draft.ts'
import { addLines, dropLines, refreshLines, requireLineItem } from './lines.ts'

const lineFields = {
  ...unsupportedParams('discounts', 'quantity_decimal', 'tax_amounts'),
  amount: integer(),
  description: emptyable(text),
  discountable: boolean,
  metadata,
  period: periodParam,
  price_data: linePriceData,
  pricing: shape({ price: required(text) }),
  quantity: integer({ min: 0 }),
}

const newLine = shape({ ...lineFields, invoice_item: text, tax_rates: listOf(text) })
const changedLine = shape({ ...lineFields, id: required(text), tax_rates: unsupported })

const lineParams = shape({ ...lineFields, line: required(text), tax_rates: unsupported })

const removedLine = shape({
  behavior: required(oneOf('delete', 'unassign')),
  id: required(text),
})

export const invoiceLineEndpoints = [
  endpoint('POST /v1/invoices/:id/add_lines', linesOf(newLine), (ctx, { id, params }) =>
    changed(ctx, { id, params }, (draft) =>
      addLines(ctx, draft, newItems(ctx, draft, params.lines)),
    ),
  ),
  endpoint('POST /v1/invoices/:id/update_lines', linesOf(changedLine), (ctx, { id, params }) =>
    changed(ctx, { id, params }, (draft) => updateLines(ctx, draft, params.lines)),
  ),
  endpoint('POST /v1/invoices/:id/remove_lines', linesOf(removedLine), (ctx, { id, params }) =>
    changed(ctx, { id, params }, (draft) => removeLines(ctx, draft, params.lines)),
  ),
  endpoint('POST /v1/invoices/:id/lines/:line', lineParams, (ctx, { id, params }) =>
    updateLine(ctx, id, params),
  ),
]

function linesOf<T>(line: Param<T>) {
  return shape({ invoice_metadata: metadata, lines: required(listOf(line)) })
}

/** Changes the lines of a draft, and its metadata. */
function changed(
  ctx: Context,
  about: { id: string; params: { invoice_metadata?: ValueOf<typeof metadata> } },
  change: (draft: Invoice) => Invoice,
): Invoice {
  const { id, params } = about
  const before = draftOf(ctx, id)
  return change({
    ...before,
    metadata: changeMetadata(before.metadata ?? {}, params.invoice_metadata),
  })
}

function draftOf(ctx: Context, id: string): Invoice {
  const invoice = invoiceInPath(ctx, id)
  requireDraft(invoice)
  return invoice
}

type NewLine = ValueOf<typeof newLine>

/** The invoice items of new lines: known ones that no invoice has yet, or new ones. */
function newItems(ctx: Context, draft: Invoice, lines: readonly NewLine[]): InvoiceItem[] {
  return lines.map((line, index) => {
    const nameOf = (name: string) => `lines[${index}][${name}]`
    if (line.invoice_item !== undefined) {
      const item = unassigned(ctx, draft, { id: line.invoice_item, param: nameOf('invoice_item') })
      if (line.tax_rates !== undefined) {
        throw notEmulated('tax rates for an existing invoice item', nameOf('tax_rates'))
      }
      return changeItem(ctx, item, { change: line, nameOf })
    }
    if (line.amount !== undefined && line.quantity !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: amount, quantity.', {
        param: nameOf('amount'),
      })
    }
    return newItem(ctx, draft, { line, nameOf })
  })
}

function newItem(
  ctx: Context,
  draft: Invoice,
  { line, nameOf }: { line: NewLine; nameOf: (name: string) => string },
): InvoiceItem {
  const { currency } = draft
  const now = ctx.timeOf(draft.test_clock)
  const costs = { ...line, currency, price: line.pricing?.price }
  const cost = itemCost(ctx, costs, { currency, priceParam: nameOf('pricing[price]') })
  return createInvoiceItem(ctx, {
    ...cost,
    customer: draft.customer ?? '',
    description: line.description ?? cost.description,
    period: line.period ?? { start: now, end: now },
    proration: false,
    discountable: line.discountable,
    parent: null,
    credited: null,
    metadata: changeMetadata({}, line.metadata),
    taxRates: newTaxRates(ctx, line.tax_rates, nameOf('tax_rates')),
  })
}

function unassigned(
  ctx: Context,
  draft: Invoice,
  { id, param }: { id: string; param: string },
): InvoiceItem {
  const item = ctx.store.get('invoice_items', id)
  if (item === undefined) throw noSuch('invoiceitem', id, param)
  if (item.invoice === null && item.customer === draft.customer) return item
  throw invalidRequest(
    `The invoice item ${id} cannot be added: it is on an invoice already, or of another customer.`,
    { param },
  )
}

function updateLines(
  ctx: Context,
  draft: Invoice,
  lines: readonly ValueOf<typeof changedLine>[],
): Invoice {
  const items = lines.map((line, index) => {
    const nameOf = (name: string) => `lines[${index}][${name}]`
    const item = requireLineItem(ctx, draft, { id: line.id, param: nameOf('id') })
    return changeItem(ctx, item, { change: line, nameOf })
  })
  return refreshLines(ctx, draft, items)
}

function removeLines(
  ctx: Context,
  draft: Invoice,
  lines: readonly ValueOf<typeof removedLine>[],
): Invoice {
  const removed = lines.map(({ id, behavior }, index) => {
    const item = requireLineItem(ctx, draft, { id, param: `lines[${index}][id]` })
    return { item, behavior }
  })
  const after = dropLines(
    ctx,
    draft,
    removed.map(({ item }) => item),
  )
  for (const { item, behavior } of removed) {
    if (behavior === 'unassign') ctx.patch('invoice_items', item.id, { invoice: null })
    else {
      ctx.store.remove('invoice_items', item.id)
      ctx.emit('invoiceitem.deleted', item)
    }
  }
  return after
}

function updateLine(
  ctx: Context,
  id: string,
  { line, ...change }: ValueOf<typeof lineParams>,
): InvoiceLine {
  const draft = draftOf(ctx, id)
  const item = requireLineItem(ctx, draft, { id: line, param: 'line_item' })
  const changedItem = changeItem(ctx, item, { change, nameOf: (name) => name })
  const after = refreshLines(ctx, draft, [changedItem])
  const result = after.lines.data.find((one) => one.id === line)
  if (result === undefined) throw new Error(`${id} has lost its line ${line}`)
  return result
}
