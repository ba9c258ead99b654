import type { Invoice } from '../api/types.ts'
import { lookOf, type StatusLook } from '../format/status-look.ts'

// Stripe's invoice statuses: docs.stripe.com/invoicing/overview#invoice-statuses
const looks = {
  draft: { name: 'Draft', tone: 'neutral' },
  open: { name: 'Open', tone: 'warning' },
  paid: { name: 'Paid', tone: 'success' },
  uncollectible: { name: 'Uncollectible', tone: 'danger' },
  void: { name: 'Void', tone: 'neutral' },
} satisfies Record<string, StatusLook>

/** The statuses to filter by, in the order in which an invoice goes through them. */
export const invoiceStatuses = Object.entries(looks).map(([value, { name }]) => ({ value, name }))

// Stripe's statuses of a dispute: docs.stripe.com/api/disputes/object#dispute_object-status. Those of one that is over
// and took nothing are left out.
const disputes: Readonly<Record<string, StatusLook>> = {
  lost: { name: 'Dispute lost', tone: 'danger' },
  needs_response: { name: 'Disputed', tone: 'warning' },
  under_review: { name: 'Disputed', tone: 'warning' },
  appeal_needs_response: { name: 'Disputed', tone: 'warning' },
  appeal_under_review: { name: 'Disputed', tone: 'warning' },
  warning_needs_response: { name: 'Inquiry', tone: 'warning' },
  warning_under_review: { name: 'Inquiry', tone: 'warning' },
}

/** How to show an invoice: a dispute about its payment, or its status at Stripe. An unknown one is shown unchanged. */
export function invoiceStatus({
  status,
  disputeStatus,
}: Pick<Invoice, 'status' | 'disputeStatus'>): StatusLook {
  const dispute = disputeStatus === null ? undefined : disputes[disputeStatus]
  if (dispute) return dispute
  return lookOf(looks, status)
}
