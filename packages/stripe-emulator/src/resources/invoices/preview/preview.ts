import type { Context } from '../../../core/context.ts'
import { invalidRequest, StripeError } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { Invoice, Subscription } from '../../../documents.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { requireOneCurrency } from '../../customers/lasting-currency.ts'
import { withDiscounts } from '../../discounts/of/invoice.ts'
import { discountSubscription } from '../../discounts/of/subscription.ts'
import { finalInvoice } from '../../subscriptions/change/final-invoice.ts'
import { updateSubscription } from '../../subscriptions/change/update.ts'
import { createSubscription } from '../../subscriptions/create.ts'
import { renewedItems } from '../../subscriptions/items/periods.ts'
import { priceOf } from '../../subscriptions/items/subscription-item-params.ts'
import { renewalInvoice } from '../../subscriptions/renew.ts'
import { enterDuePhase, releaseSchedule } from '../../subscriptions/schedules/phases.ts'
import { requireOpenSchedule } from '../../subscriptions/schedules/schedule.ts'
import {
  isEnded,
  itemFields,
  periodEnd,
  requireSubscription,
} from '../../subscriptions/subscription.ts'
import {
  itemRates,
  previewCustomer,
  previewedSubscription,
  previewTaxes,
} from '../../tax/requests/preview-taxes.ts'
import { requireInvoice } from '../invoice.ts'

import { withPreviewItems } from './preview-items.ts'
import type { previewParams } from './preview-params.ts'

type Params = ValueOf<typeof previewParams>

/**
 * Previews the next invoice: makes the change, takes its invoice, and rolls everything back, so that a preview
 * cannot differ from the real change.
 */
export function createPreview(ctx: Context, params: Params): Invoice {
  const before = ctx.store.mark()
  const events = ctx.events.length
  ctx.previewing = true
  try {
    const existing = previewedSubscription(ctx, params, subscriptionFor(ctx, params))
    if (existing !== null && isEnded(existing)) throw noUpcoming(existing.customer)
    const invoice =
      params.schedule !== undefined
        ? previewSchedule(ctx, params.schedule, params)
        : existing === null
          ? previewNew(ctx, params)
          : previewChange(ctx, existing, params)
    // An empty string in a phase keeps the customer's discount out, too.
    const ofPhase = params.schedule_details?.phases[0]?.discounts === null ? null : undefined
    const discounts = params.discounts === undefined ? ofPhase : params.discounts
    const filled = withPreviewItems(ctx, invoice, params.invoice_items)
    return asPreview(withDiscounts(ctx, filled, discounts))
  } finally {
    ctx.previewing = false
    ctx.store.rollbackTo(before)
    ctx.events.length = events
  }
}

/** 404: nothing will be invoiced. */
function noUpcoming(customer: string): StripeError {
  return new StripeError(404, {
    type: 'invalid_request_error',
    code: 'invoice_upcoming_none',
    message: `No upcoming invoices for customer: ${customer}`,
  })
}

/** The subscription that is previewed; for a customer alone, the one that is invoiced next. Null: a new one. */
function subscriptionFor(ctx: Context, params: Params): Subscription | null {
  const { customer, subscription, schedule, subscription_details: details } = params
  if (subscription !== undefined) return requireSubscription(ctx, subscription, 'subscription')
  if (customer === undefined || schedule !== undefined || details?.items !== undefined) return null
  const { id } = requireCustomer(ctx, customer, 'customer')
  const [next] = ctx.store
    .find('subscriptions', { index: 'customer', key: id })
    .filter((one) => !isEnded(one) && one.cancel_at === null)
    .sort((a, b) => periodEnd(a) - periodEnd(b))
  if (next === undefined) throw noUpcoming(id)
  return next
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

/**
 * Previews a schedule: the next renewal, which may be in its next phase; or, with another first phase, what that change
 * of its subscription would cost now.
 */
function previewSchedule(ctx: Context, id: string, params: Params): Invoice {
  const schedule = requireOpenSchedule(ctx, id)
  const [first] = params.schedule_details?.phases ?? []
  if (schedule.subscription === null) {
    throw invalidRequest('stripe-emulator: a preview of a schedule needs its running phase.', {
      param: 'schedule',
    })
  }
  if (first === undefined) return nextRenewal(ctx, requireSubscription(ctx, schedule.subscription))
  releaseSchedule(ctx, schedule)
  // A phase without discounts takes those of the subscription off (docs/stripe.md, fact 39).
  const before = discountSubscription(ctx, requireSubscription(ctx, schedule.subscription), {
    discounts: first.discounts ?? null,
    param: 'schedule_details[phases][0][discounts]',
    amount: Number.POSITIVE_INFINITY,
  })
  const items = before.items.data.flatMap((item, index) => {
    const { price, discounts } = first.items[index] ?? {}
    if (price === undefined) return []
    return [{ id: item.id, price, discounts: discounts ?? null }]
  })
  const behavior = params.schedule_details?.proration_behavior
  return previewChange(ctx, before, {
    subscription_details: {
      items,
      ...(behavior !== undefined && { proration_behavior: behavior }),
      ...(before.status === 'trialing' && first.trial_end === undefined && { trial_end: 'now' }),
    },
  })
}

/** The invoice of the next renewal, in the phase that its schedule has then. Throws 400 where there is none. */
function nextRenewal(ctx: Context, before: Subscription): Invoice {
  const after = enterDuePhase(ctx, before, periodEnd(before))
  if (after === null) return lastInvoice(ctx, before)
  return renewalInvoice(ctx, { ...after, ...itemFields(after.id, renewedItems(after)) }, before)
}

/** The invoice of the usage, where a subscription ends with its period. Throws 400 where it has no metered item. */
function lastInvoice(ctx: Context, ending: Subscription): Invoice {
  const invoice = finalInvoice(ctx, ending, ending.cancel_at ?? periodEnd(ending))
  if (invoice === null) throw noUpcoming(ending.customer)
  return invoice
}

function previewChange(ctx: Context, before: Subscription, params: Params): Invoice {
  if (params.currency !== undefined) requireOneCurrency(ctx, before.customer, params.currency)
  const details = params.subscription_details ?? {}
  const anchor =
    typeof details.billing_cycle_anchor === 'string'
      ? { type: details.billing_cycle_anchor }
      : details.billing_cycle_anchor
  const after = updateSubscription(ctx, before, {
    ...(details.items === undefined ? {} : { items: details.items }),
    ...(details.proration_behavior === undefined
      ? {}
      : { proration_behavior: details.proration_behavior }),
    ...(details.proration_date === undefined ? {} : { proration_date: details.proration_date }),
    ...(details.trial_end === undefined ? {} : { trial_end: details.trial_end }),
    ...(anchor === undefined ? {} : { billing_cycle_anchor: anchor }),
    ...(details.cancel_at === undefined ? {} : { cancel_at: details.cancel_at }),
    ...(details.cancel_at_period_end === undefined
      ? {}
      : { cancel_at_period_end: details.cancel_at_period_end }),
    ...(details.metadata === undefined ? {} : { metadata: details.metadata }),
    payment_behavior: 'default_incomplete',
  })
  if (after.latest_invoice !== before.latest_invoice && after.latest_invoice !== null) {
    return requireInvoice(ctx, after.latest_invoice)
  }
  if (after.cancel_at !== null) return lastInvoice(ctx, after)
  return renewalInvoice(ctx, { ...after, ...itemFields(after.id, renewedItems(after)) }, after)
}

function previewNew(ctx: Context, params: Params): Invoice {
  const customer = previewCustomer(ctx, params.customer, params.customer_details)
  const items = params.subscription_details?.items ?? []
  const trial = params.subscription_details?.trial_end
  const { subscription, invoice } = createSubscription(ctx, {
    customer,
    items: items.map((item, index) => ({
      price: priceOf(ctx, item, index),
      quantity: item.quantity ?? 1,
      metadata: changeMetadata({}, item.metadata),
      discounts: item.discounts,
      taxRates: itemRates(ctx, item.tax_rates, index),
    })),
    currency: params.currency,
    trialEnd: typeof trial === 'number' ? trial : null,
    anchor: null,
    prorate: true,
    paymentBehavior: 'default_incomplete',
    cancelAt: null,
    fields: {
      ...previewTaxes(ctx, params),
      metadata: changeMetadata({}, params.subscription_details?.metadata),
    },
    announce: 'after_payment',
    payWith: null,
    authenticated: false,
  })
  if (invoice !== null) return invoice
  // Nothing is billed now; the first invoice is that of the period's end.
  const renewed = itemFields(subscription.id, renewedItems(subscription))
  return renewalInvoice(ctx, { ...subscription, ...renewed }, subscription)
}

/** The invoice of a subscription's next renewal, without an id; null where there is none. */
export function upcomingInvoice(ctx: Context, subscription: Subscription): UpcomingInvoice | null {
  const before = ctx.store.mark()
  const events = ctx.events.length
  try {
    const phased = enterDuePhase(ctx, subscription)
    if (phased === null) return null
    const renewed = { ...phased, ...itemFields(phased.id, renewedItems(phased)) }
    const { id: _id, ...invoice } = asPreview(renewalInvoice(ctx, renewed, subscription))
    const data = invoice.lines.data.map((line) => ({ ...line, invoice: null }))
    return { ...invoice, lines: { ...invoice.lines, data } }
  } finally {
    ctx.store.rollbackTo(before)
    ctx.events.length = events
  }
}

export type UpcomingInvoice = Omit<Invoice, 'id'>
