import type { Invoice } from '../../documents.ts'
import type { Searchable } from '../../http/params/search-params.ts'
import { subscriptionOf } from './invoice.ts'

/** The fields of an invoice that a search can ask for (docs.stripe.com/search). */
export const searchableInvoices: Searchable<Invoice> = {
  resource: 'invoices',
  fields: {
    created: { type: 'numeric', of: (invoice) => invoice.created },
    currency: { type: 'token', of: (invoice) => invoice.currency },
    customer: { type: 'token', of: (invoice) => invoice.customer },
    last_finalization_error_code: { type: 'token', of: () => null },
    last_finalization_error_type: { type: 'token', of: () => null },
    number: { type: 'string', of: (invoice) => invoice.number },
    receipt_number: { type: 'string', of: (invoice) => invoice.receipt_number },
    status: { type: 'string', of: (invoice) => invoice.status },
    subscription: { type: 'string', of: subscriptionOf },
    total: { type: 'numeric', of: (invoice) => invoice.total },
  },
}
