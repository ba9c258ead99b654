import type { Context } from '../../core/context.ts'
import { invalidRequest, StripeError } from '../../core/errors.ts'
import type { Invoice, Subscription } from '../../documents.ts'
import { currencyParam } from '../../http/params/currency.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  either,
  emptyable,
  ignored,
  oneOf,
  required,
  text,
  timestamp,
  unsupported,
  unsupportedParams,
} from '../../http/params/param.ts'
import { changeMetadata, listOf, shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { requireOneCurrency } from '../customers/lasting-currency.ts'
import { updateSubscription } from '../subscriptions/change/update.ts'
import { createSubscription } from '../subscriptions/create.ts'
import { renewedItems } from '../subscriptions/items/periods.ts'
import { itemChangeParam, priceOf } from '../subscriptions/items/subscription-item-params.ts'
import { renewalInvoice } from '../subscriptions/renew.ts'
import { enterDuePhase, releaseSchedule } from '../subscriptions/schedules/phases.ts'
import { requireOpenSchedule } from '../subscriptions/schedules/schedule.ts'
import { phase } from '../subscriptions/schedules/schedule-params.ts'
import {
  isEnded,
  itemFields,
  periodEnd,
  requireSubscription,
} from '../subscriptions/subscription.ts'
import { automaticTaxParam } from '../tax/automatic.ts'
import { customerDetailsParam, previewCustomer, previewTaxes } from '../tax/preview-taxes.ts'
import { taxRatesParam } from '../tax/rates/tax-rate.ts'
import { asPreview } from './draft/as-preview.ts'
import { requireInvoice } from './invoice.ts'
import { previewItems, withPreviewItems } from './items/preview-items.ts'

export const previewShape = {
  automatic_tax: automaticTaxParam,
  currency: currencyParam,
  customer: text,
  customer_details: customerDetailsParam,
  ...unsupportedParams('customer_account', 'issuer', 'on_behalf_of'),
  discounts: ignored,
  invoice_items: previewItems,
  preview_mode: oneOf('next', 'recurring'),
  schedule: text,
  schedule_details: shape({
    billing_mode: ignored,
    end_behavior: unsupported,
    pause_schedules: unsupported,
    phases: required(listOf(phase)),
    proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  }),
  subscription: text,
  subscription_details: shape({
    billing_cycle_anchor: either(
      oneOf('now', 'unchanged'),
      shape({ type: required(oneOf('now', 'unchanged')), timestamp: unsupported }),
    ),
    billing_mode: ignored,
    ...unsupportedParams('billing_schedules', 'pause', 'resume_at'),
    metadata: ignored,
    cancel_at: emptyable(timestamp),
    cancel_at_period_end: boolean,
    cancel_now: unsupported,
    default_tax_rates: taxRatesParam,
    items: listOf(itemChangeParam),
    proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
    proration_date: timestamp,
    start_date: unsupported,
    trial_end: either(oneOf('now'), timestamp),
  }),
}

export const previewParams = shape(previewShape)

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
    const existing = previewed(ctx, params)
    if (existing !== null && isEnded(existing)) throw noUpcoming(existing.customer)
    if (params.schedule !== undefined) {
      const scheduled = previewSchedule(ctx, params.schedule, params)
      return asPreview(withPreviewItems(ctx, scheduled, params.invoice_items))
    }
    const invoice =
      existing === null ? previewNew(ctx, params) : previewChange(ctx, existing, params)
    return asPreview(withPreviewItems(ctx, invoice, params.invoice_items))
  } finally {
    ctx.previewing = false
    ctx.store.rollbackTo(before)
    ctx.events.length = events
  }
}

/** The subscription of a preview, with the customer and the taxes that the request says; null: a new one. */
function previewed(ctx: Context, params: Params): Subscription | null {
  const taxes = previewTaxes(ctx, params)
  const found = subscriptionFor(ctx, params)
  if (found === null) return null
  previewCustomer(ctx, found.customer, params.customer_details)
  return ctx.patch('subscriptions', found.id, taxes)
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
  const before = requireSubscription(ctx, schedule.subscription)
  const items = before.items.data.flatMap((item, index) => {
    const price = first.items[index]?.price
    return price === undefined ? [] : [{ id: item.id, price }]
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
  if (after === null) throw noUpcoming(before.customer)
  return renewalInvoice(ctx, { ...after, ...itemFields(after.id, renewedItems(after)) })
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
    payment_behavior: 'default_incomplete',
  })
  if (after.latest_invoice !== before.latest_invoice && after.latest_invoice !== null) {
    return requireInvoice(ctx, after.latest_invoice)
  }
  if (after.cancel_at !== null) throw noUpcoming(before.customer)
  return renewalInvoice(ctx, { ...after, ...itemFields(after.id, renewedItems(after)) })
}

function previewNew(ctx: Context, params: Params): Invoice {
  const customer = previewCustomer(ctx, params.customer, params.customer_details)
  const items = params.subscription_details?.items ?? []
  const trial = params.subscription_details?.trial_end
  const { invoice } = createSubscription(ctx, {
    customer,
    items: items.map((item, index) => ({
      price: priceOf(ctx, item, index),
      quantity: item.quantity ?? 1,
      metadata: changeMetadata({}, item.metadata),
    })),
    currency: params.currency,
    trialEnd: typeof trial === 'number' ? trial : null,
    anchor: null,
    prorate: true,
    paymentBehavior: 'default_incomplete',
    cancelAt: null,
    fields: previewTaxes(ctx, params),
    announce: 'after_payment',
    payWith: null,
    authenticated: false,
  })
  if (invoice !== null) return invoice
  throw invalidRequest('No upcoming invoices for customer', { code: 'invoice_upcoming_none' })
}

/** The invoice of a subscription's next renewal, without an id; null where there is none. */
export function upcomingInvoice(ctx: Context, subscription: Subscription): UpcomingInvoice | null {
  const before = ctx.store.mark()
  const events = ctx.events.length
  try {
    const phased = enterDuePhase(ctx, subscription)
    if (phased === null) return null
    const renewed = { ...phased, ...itemFields(phased.id, renewedItems(phased)) }
    const { id: _id, ...invoice } = asPreview(renewalInvoice(ctx, renewed))
    const data = invoice.lines.data.map((line) => ({ ...line, invoice: null }))
    return { ...invoice, lines: { ...invoice.lines, data } }
  } finally {
    ctx.store.rollbackTo(before)
    ctx.events.length = events
  }
}

export type UpcomingInvoice = Omit<Invoice, 'id'>
