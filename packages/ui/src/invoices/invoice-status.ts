import type { Tone } from '../components/badge.tsx'

interface StatusLook {
  name: string
  tone: Tone
}

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

/** How to show an invoice status of Stripe. An unknown one is shown unchanged. */
export function invoiceStatus(status: string): StatusLook {
  return isKnown(status) ? looks[status] : { name: status, tone: 'neutral' }
}

function isKnown(status: string): status is keyof typeof looks {
  return Object.hasOwn(looks, status)
}
