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

/** The statuses to filter by, in the order of an invoice's life. */
export const invoiceStatuses = Object.entries(looks).map(([value, { name }]) => ({ value, name }))

/** How to show a status of Stripe's; one that is new to us is shown as it is. */
export function invoiceStatus(status: string): StatusLook {
  return isKnown(status) ? looks[status] : { name: status, tone: 'neutral' }
}

function isKnown(status: string): status is keyof typeof looks {
  return Object.hasOwn(looks, status)
}
