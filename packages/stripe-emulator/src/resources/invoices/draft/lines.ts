import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Invoice, InvoiceItem, InvoiceLine } from '../../../documents.ts'
import { lineList } from '../invoice.ts'
import { invoiceItemLine } from '../line.ts'
import { storeDraft } from './change-draft.ts'

/** The id of the invoice item of a line; null: it is the line of a subscription item. */
export function itemIdOf(line: InvoiceLine): string | null {
  const { invoice_item_details: own, subscription_item_details: ofSubscription } = line.parent ?? {}
  return own?.invoice_item ?? ofSubscription?.invoice_item ?? null
}

/** The invoice item of a line of a draft, which alone can change. Throws 400. */
export function requireLineItem(
  ctx: Context,
  draft: Invoice,
  { id, param }: { id: string; param: string },
): InvoiceItem {
  const line = draft.lines.data.find((one) => one.id === id)
  if (line === undefined) {
    throw invalidRequest(`No such invoice line item: '${id}'`, { code: 'resource_missing', param })
  }
  const item = ctx.store.get('invoice_items', itemIdOf(line) ?? '')
  if (item !== undefined) return item
  throw invalidRequest(
    'You can only update the line items of invoice items; this one is of a subscription.',
    { param },
  )
}

/** Adds lines for invoice items to a draft, and stores both. */
export function addLines(ctx: Context, draft: Invoice, items: readonly InvoiceItem[]): Invoice {
  for (const item of items) ctx.patch('invoice_items', item.id, { invoice: draft.id })
  const lines = [...draft.lines.data, ...items.map((item) => invoiceItemLine(ctx, item))]
  return storeDraft(ctx, draft, { lines: lineList(draft.id, lines) })
}

/** Writes changed invoice items into their lines of a draft; each line keeps its id. */
export function refreshLines(ctx: Context, draft: Invoice, items: readonly InvoiceItem[]): Invoice {
  const lines = draft.lines.data.map((line) => {
    const item = items.find(({ id }) => id === itemIdOf(line))
    return item === undefined ? line : invoiceItemLine(ctx, item, line.id)
  })
  return storeDraft(ctx, draft, { lines: lineList(draft.id, lines) })
}

/** Takes the lines of some invoice items out of a draft; what becomes of the items is the caller's business. */
export function dropLines(ctx: Context, draft: Invoice, items: readonly InvoiceItem[]): Invoice {
  const lines = draft.lines.data.filter((line) => !items.some((item) => item.id === itemIdOf(line)))
  return storeDraft(ctx, draft, { lines: lineList(draft.id, lines) })
}
