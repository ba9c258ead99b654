import type { Context } from '../../core/context.ts'
import type { Customer } from '../../documents.ts'
import { customerFields } from '../invoices/invoice.ts'
import { withTotals } from '../invoices/totals.ts'

/** Copies what changed of a customer to the customer's drafts, which follow it until they are final (types of the `stripe` package). */
export function refreshDrafts(ctx: Context, customer: Customer): void {
  for (const invoice of ctx.store.find('invoices', { index: 'customer', key: customer.id })) {
    if (invoice.status !== 'draft') continue
    const draft = {
      ...invoice,
      ...customerFields(ctx, customer),
      starting_balance: customer.balance,
    }
    ctx.store.put('invoices', withTotals(ctx, draft))
  }
}
