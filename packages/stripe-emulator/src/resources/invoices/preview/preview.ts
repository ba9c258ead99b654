import type { Context } from '../../../core/context.ts'
import { invalidRequest, StripeError } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { Customer, Invoice, Subscription } from '../../../documents.ts'
import { withDiscounts } from '../../discounts/of/invoice.ts'
import { requireOpenSchedule } from '../../subscriptions/schedules/schedule.ts'
import { requireSubscription } from '../../subscriptions/subscription.ts'
import { withTaxes } from '../../tax/requests/invoice-taxes.ts'
import { previewCustomer } from '../../tax/requests/preview-customer.ts'
import { withTotals } from '../totals.ts'
import { nextInvoice } from './next-invoice.ts'
import { changePendingItems, previewItemsAlone, withPreviewItems } from './preview-items.ts'
import type { PreviewParams } from './preview-params.ts'
import { previewNewSchedule, previewSchedule } from './preview-schedule.ts'
import { previewNewSubscription, previewSubscription } from './preview-subscription.ts'
import { requireFitting } from './rules.ts'

/**
 * Previews the next invoice: makes the change, takes the invoice that follows, and rolls everything back, so that a
 * preview cannot differ from the real change. Throws 400, and 404 where nothing will be invoiced.
 */
export function createPreview(ctx: Context, params: PreviewParams): Invoice {
  requireFitting(params)
  return rolledBack(ctx, () => {
    const customer = previewCustomer(ctx, ownerOf(ctx, params), params.customer_details)
    const items = params.invoice_items ?? []
    changePendingItems(ctx, customer, items)
    const invoice = withAutomaticTax(ctx, invoiceOf(ctx, customer, params), params)
    const filled = withPreviewItems(ctx, invoice, items)
    return asPreview(withDiscounts(ctx, filled, params.discounts))
  })
}

/** Does work whose writes and events are undone. */
function rolledBack<T>(ctx: Context, work: () => T): T {
  const before = ctx.store.mark()
  const events = ctx.events.length
  const { previewing } = ctx
  ctx.previewing = true
  try {
    return work()
  } finally {
    ctx.previewing = previewing
    ctx.store.rollbackTo(before)
    ctx.events.length = events
  }
}

/** The customer of the invoice; undefined: a new one. Throws 400 where the request names another one. */
function ownerOf(ctx: Context, params: PreviewParams): string | undefined {
  const { customer, schedule, subscription } = params
  const owner =
    schedule === undefined
      ? subscription && requireSubscription(ctx, subscription, 'subscription').customer
      : requireOpenSchedule(ctx, schedule).customer
  if (owner === undefined || customer === undefined || customer === owner) return owner ?? customer
  const of = schedule === undefined ? 'subscription' : 'schedule'
  throw invalidRequest(`The customer \`${customer}\` is not the customer of the ${of}.`, {
    param: 'customer',
  })
}

function invoiceOf(ctx: Context, customer: Customer, params: PreviewParams): Invoice {
  const { schedule, schedule_details, subscription, subscription_details } = params
  if (schedule !== undefined) return previewSchedule(ctx, schedule, params)
  if (schedule_details !== undefined) return previewNewSchedule(ctx, customer, params)
  if (subscription !== undefined) return previewSubscription(ctx, subscription, params)
  if (subscription_details !== undefined) return previewNewSubscription(ctx, customer, params)
  return previewItemsAlone(ctx, customer, params)
}

/** The invoice with automatic tax switched on or off. An unknown location is no error: the invoice's status says it. */
function withAutomaticTax(ctx: Context, invoice: Invoice, params: PreviewParams): Invoice {
  const { automatic_tax } = params
  if (automatic_tax === undefined) return invoice
  return withTotals(ctx, withTaxes(ctx, invoice, { automatic_tax }))
}

function asPreview(invoice: Invoice): Invoice {
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

/** The invoice of a subscription's next renewal, without an id; null where there is none. */
export function upcomingInvoice(ctx: Context, subscription: Subscription): UpcomingInvoice | null {
  try {
    return rolledBack(ctx, () => {
      const { id: _id, ...invoice } = asPreview(nextInvoice(ctx, subscription.id))
      const data = invoice.lines.data.map((line) => ({ ...line, invoice: null }))
      return { ...invoice, lines: { ...invoice.lines, data } }
    })
  } catch (error) {
    if (error instanceof StripeError && error.fields.code === 'invoice_upcoming_none') return null
    throw error
  }
}

export type UpcomingInvoice = Omit<Invoice, 'id'>
