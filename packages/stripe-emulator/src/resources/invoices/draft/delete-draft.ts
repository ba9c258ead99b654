import type { Context } from '../../../core/context.ts'
import { invalidRequest, notFound } from '../../../core/errors.ts'
import type { Invoice } from '../../../documents.ts'

/** Deletes a draft; its invoice items go with it. */
export function deleteDraft(ctx: Context, id: string): object {
  const draft = invoiceInPath(ctx, id)
  if (draft.status !== 'draft') throw invalidRequest('You can only delete draft invoices.')
  if (draft.billing_reason !== 'manual') {
    throw invalidRequest("You can't delete invoices created by subscriptions.")
  }
  ctx.store.remove('invoices', id)
  ctx.emit('invoice.deleted', draft)
  return { id, object: 'invoice', deleted: true }
}

/** An invoice, for the endpoints that name it `invoice` in their 404 (docs/stripe.md, fact 35). */
export function invoiceInPath(ctx: Context, id: string): Invoice {
  const invoice = ctx.store.get('invoices', id)
  if (invoice === undefined) throw notFound('invoice', id, 'invoice')
  return invoice
}
