import type { Context } from '../../../core/context.ts'
import type { Invoice, Subscription } from '../../../documents.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { createInvoice } from '../../invoices/invoice.ts'
import { pendingItems } from '../../invoices/items/invoice-item.ts'
import { finalUsageLines } from '../../meters/metered-items.ts'
import { periodStart } from '../subscription.ts'

/** How long the last invoice stays a draft, for usage that is reported late (docs/stripe.md, fact 11). */
const DRAFT_SECONDS = 3600

/**
 * The draft of the last invoice of a subscription that ends as scheduled: what was used of its metered items, with its
 * pending items. `at`: when it ends, now unless given. Null: it has no metered items. (Canceled at once, unbilled usage is lost, unless `invoice_now`.)
 */
export function finalInvoice(
  ctx: Context,
  ending: Subscription,
  at = ctx.timeOf(ending.test_clock),
): Invoice | null {
  const lines = ending.status === 'trialing' ? [] : finalUsageLines(ctx, ending, at)
  if (lines.length === 0) return null
  const sent = ending.collection_method === 'send_invoice'
  return createInvoice(ctx, {
    customer: requireCustomer(ctx, ending.customer),
    subscription: ending,
    reason: 'subscription_cycle',
    items: pendingItems(ctx, ending.customer, ending.id),
    lines,
    period: { start: Math.min(periodStart(ending), at), end: at },
    currency: ending.currency,
    collectionMethod: sent ? 'send_invoice' : 'charge_automatically',
    daysUntilDue: ending.days_until_due,
    finalizesAt: at + DRAFT_SECONDS,
    description: ending.description,
    metadata: {},
  })
}
