import { longId } from '../../../core/ids.ts'
import type { Invoice } from '../../../documents.ts'

/** An invoice as a preview shows it: a draft with an id of its own. */
export function asPreview(invoice: Invoice): Invoice {
  const id = longId('upcoming_in')
  return {
    ...invoice,
    id,
    amount_paid: 0,
    amount_remaining: invoice.amount_due,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatically_finalizes_at: null,
    billing_reason: 'upcoming',
    effective_at: null,
    ending_balance: invoice.starting_balance + invoice.total - invoice.amount_due,
    hosted_invoice_url: null,
    invoice_pdf: null,
    lines: {
      ...invoice.lines,
      data: invoice.lines.data.map((line) => ({ ...line, invoice: id })),
      url: `/v1/invoices/${id}/lines`,
    },
    number: null,
    status: 'draft',
    status_transitions: {
      finalized_at: null,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
  }
}
