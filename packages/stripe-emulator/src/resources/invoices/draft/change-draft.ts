import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Invoice } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { checkInvoiceBehaviors } from '../../tax/behavior.ts'
import { withTotals } from '../totals.ts'

/** Throws 400 for an invoice whose lines can't change any more. */
export function requireDraft(invoice: Invoice): void {
  if (invoice.status === 'draft') return
  throw invalidRequest('Invalid invoice: This invoice is no longer editable', {
    code: 'invoice_not_editable',
  })
}

/** What a finalized invoice still takes: what decides how it is collected, and metadata. */
const AFTER_FINALIZATION = new Set([
  'auto_advance',
  'default_payment_method',
  'metadata',
  'payment_settings',
])

/** Throws 400 for a parameter that only a draft takes (docs/stripe.md, fact 31). */
export function requireChangeable(invoice: Invoice, params: Record<string, unknown>): void {
  if (invoice.status === 'draft') return
  const [refused] = Object.keys(params).filter((name) => !AFTER_FINALIZATION.has(name))
  if (refused === undefined) return
  throw invalidRequest("Finalized invoices can't be updated in this way", { param: refused })
}

/** Stores a changed draft with its totals, and sends `invoice.updated`. */
export function storeDraft(ctx: Context, before: Invoice, changes: Partial<Invoice>): Invoice {
  const changed = { ...before, ...changes }
  checkInvoiceBehaviors(ctx, changed)
  const after = ctx.store.put('invoices', withTotals(ctx, changed))
  ctx.emit('invoice.updated', after, changesBetween(before, after))
  return after
}
