import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Invoice, InvoiceLine, Subscription } from '../../../documents.ts'
import { defaultMethodOf } from '../../customers/customer.ts'
import { createInvoice } from '../../invoices/invoice.ts'
import { pendingItems } from '../../invoices/items/invoice-item.ts'
import { isMetered } from '../../meters/meter.ts'
import { usageLines } from '../../meters/metered-items.ts'
import { noPaymentMethod } from '../change/bill-change.ts'
import { addInvoiceItems } from '../items/added-items.ts'
import { isWholeCycle, itemLines } from '../items/item-line.ts'
import { itemFields } from '../subscription.ts'
import type { SubscriptionOrder } from './order.ts'
import type { FirstItem, Start } from './start.ts'
import { inPeriod } from './start.ts'

const DRAFT_SECONDS = 3600
const MOST_LINES = 250

/** The first invoice as a draft; null where there is nothing to invoice. Throws 400 where nothing can pay it. */
export function firstInvoice(
  ctx: Context,
  subscription: Subscription,
  first: { order: SubscriptionOrder; start: Start; items: FirstItem[] },
): Invoice | null {
  const { order, start } = first
  const sent = subscription.collection_method === 'send_invoice'
  addInvoiceItems(ctx, subscription, order.addedItems ?? [])
  const items = [
    ...pendingItems(ctx, order.customer.id, subscription.id),
    ...pendingItems(ctx, order.customer.id, null),
  ]
  const lines = first.items.flatMap((one) => firstLines(ctx, one, start))
  if (lines.length + items.length === 0) return null
  requireFewLines(lines.length + items.length)
  const draft = createInvoice(ctx, {
    customer: order.customer,
    subscription,
    reason: 'subscription_create',
    items,
    lines,
    period: { start: start.now, end: start.now },
    currency: subscription.currency,
    collectionMethod: sent ? 'send_invoice' : 'charge_automatically',
    daysUntilDue: subscription.days_until_due,
    finalizesAt: sent || order.waitsAsDraft === true ? start.now + DRAFT_SECONDS : null,
    description: subscription.description,
    metadata: {},
  })
  if (!sent && order.waitsAsDraft !== true && draft.amount_due > 0) requireWayToPay(order)
  return draft
}

function firstLines(ctx: Context, first: FirstItem, start: Start): InvoiceLine[] {
  if (isMetered(first.item.price)) return backdatedUsage(ctx, first, start)
  const trial = start.trialEnd !== null
  return first.charged
    .map((period) => inPeriod(first, period))
    .filter(
      (item) =>
        trial ||
        start.prorate ||
        (item.current_period_start >= start.now && isWholeCycle(item, start.anchor)),
    )
    .flatMap((item) => itemLines(ctx, item, { anchor: start.anchor, trial }))
}

/** The usage of the periods that have ended before a backdated subscription was created. */
function backdatedUsage(ctx: Context, first: FirstItem, start: Start): InvoiceLine[] {
  const ended = first.charged.filter(({ end }) => end <= start.now)
  const owner = ctx.store.get('subscriptions', first.item.subscription)
  if (owner === undefined) return []
  return ended.flatMap((period) => {
    const items = itemFields(owner.id, [inPeriod(first, period)])
    return usageLines(ctx, { ...owner, ...items }, period.end)
  })
}

function requireWayToPay(order: SubscriptionOrder): void {
  const method =
    order.payWith ??
    order.fields.default_payment_method ??
    order.fields.default_source ??
    defaultMethodOf(order.customer)
  if (method !== null || order.paymentBehavior === 'default_incomplete') return
  throw noPaymentMethod()
}

function requireFewLines(count: number): void {
  if (count <= MOST_LINES) return
  throw invalidRequest(
    `The subscription can't be backdated that far: its first invoice would have ${count} lines, and ${MOST_LINES} is the limit.`,
    { param: 'backdate_start_date' },
  )
}
