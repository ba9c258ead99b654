import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import { invalidRequest, StripeError } from '../../core/errors.ts'
import type { Customer, Invoice, Subscription } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, paginationFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean } from '../../http/params/param.ts'
import { searchPage, searchParams } from '../../http/params/search-params.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { withDiscounts } from '../discounts/of/invoice.ts'
import { changesBetween } from '../events/changes.ts'
import { requireOwnMethod } from '../payments/methods/payment-method.ts'
import { paymentError } from '../subscriptions/change/bill-change.ts'
import { settlePaused } from '../subscriptions/pause/leave-pause.ts'
import { collectAndSettle, settleSubscription } from '../subscriptions/settle.ts'
import { requireSubscription } from '../subscriptions/subscription.ts'
import { newInvoiceTaxes, withTaxes } from '../tax/requests/invoice-taxes.ts'
import { markUncollectible, voidInvoice } from './close.ts'
import { requireChangeable, storeDraft } from './draft/change-draft.ts'
import { deleteDraft, invoiceInPath } from './draft/delete-draft.ts'
import { changedFields, paymentSettings } from './draft/own-fields.ts'
import { scheduleOf } from './draft/schedule.ts'
import { finalizeInvoice, markPaid } from './finalize.ts'
import { createInvoice, requireInvoice, subscriptionOf } from './invoice.ts'
import {
  createParams,
  listParams,
  payParams,
  searchableInvoices,
  updateParams,
} from './invoice-params.ts'
import { pendingItems } from './items/invoice-item.ts'
import { createPreview } from './preview/preview.ts'
import { previewParams } from './preview/preview-params.ts'

export const invoiceEndpoints = [
  endpoint('POST /v1/invoices', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/invoices', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/invoices/search', searchParams, (ctx, { params }) =>
    searchPage(ctx.store.newest('invoices'), params, searchableInvoices),
  ),
  endpoint('POST /v1/invoices/create_preview', previewParams, (ctx, { params }) =>
    createPreview(ctx, params),
  ),
  endpoint('GET /v1/invoices/:id', shape({}), (ctx, { id }) => invoiceInPath(ctx, id)),
  endpoint('POST /v1/invoices/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
  endpoint('DELETE /v1/invoices/:id', shape({}), (ctx, { id }) => deleteDraft(ctx, id)),
  endpoint('GET /v1/invoices/:id/lines', shape(paginationFields), (ctx, { id, params }) =>
    listPage(requireInvoice(ctx, id).lines.data, params, `/v1/invoices/${id}/lines`),
  ),
  endpoint(
    'POST /v1/invoices/:id/finalize',
    shape({ auto_advance: boolean }),
    (ctx, { id, params }) => {
      const open = finalizeInvoice(ctx, requireInvoice(ctx, id), params.auto_advance)
      if (open.status === 'paid') settleSubscription(ctx, { outcome: 'paid', invoice: open })
      return open
    },
  ),
  endpoint('POST /v1/invoices/:id/pay', payParams, (ctx, { id, params }) => pay(ctx, id, params)),
  endpoint('POST /v1/invoices/:id/send', shape({}), (ctx, { id }) => send(ctx, id)),
  endpoint('POST /v1/invoices/:id/void', shape({}), (ctx, { id }) =>
    voidInvoice(ctx, requireInvoice(ctx, id)),
  ),
  endpoint('POST /v1/invoices/:id/mark_uncollectible', shape({}), (ctx, { id }) =>
    markUncollectibleAndSettle(ctx, requireInvoice(ctx, id)),
  ),
]

/** Creates a manual invoice, with the pending items of the customer or of a subscription where asked for. */
function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const customer = requireCustomer(ctx, params.customer, 'customer')
  const subscription =
    params.subscription === undefined
      ? null
      : requireSubscription(ctx, params.subscription, 'subscription')
  const now = ctx.timeOf(customer.test_clock)
  const open = openDraft(ctx, params, { customer, subscription, now })
  const draft = withDiscounts(ctx, open, params.discounts)
  const method = params.default_payment_method
  if (method !== undefined) {
    requireOwnMethod(ctx, { id: method, customer: customer.id }, 'default_payment_method')
  }
  const filled = ctx.patch('invoices', draft.id, {
    ...scheduleOf(ctx, draft, params),
    ...changedFields(draft, { rendering: {}, ...params }),
    default_payment_method: method ?? null,
  })
  return filled
}

function openDraft(
  ctx: Context,
  params: ValueOf<typeof createParams>,
  of: { customer: Customer; subscription: Subscription | null; now: number },
): Invoice {
  const { customer, subscription, now } = of
  const includes = params.pending_invoice_items_behavior === 'include' || subscription !== null
  const pending = includes
    ? pendingItems(ctx, customer.id, subscription?.id ?? null).toReversed()
    : []
  const currency =
    subscription?.currency ??
    params.currency ??
    pending[0]?.currency ??
    customer.currency ??
    ACCOUNT.currency
  const items = pending.filter((item) => item.currency === currency)
  return createInvoice(ctx, {
    customer,
    subscription,
    reason: 'manual',
    items,
    lines: [],
    discounts: params.discounts === undefined ? undefined : [],
    period: { start: subscription?.created ?? now, end: now },
    currency,
    collectionMethod: params.collection_method ?? 'charge_automatically',
    daysUntilDue: null,
    finalizesAt: null,
    description: params.description ?? null,
    metadata: changeMetadata({}, params.metadata),
    tax: newInvoiceTaxes(ctx, params),
  })
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const { customer, subscription, status } = params
  const docs = ctx.store.newest(
    'invoices',
    subscription === undefined
      ? { index: 'customer', key: customer }
      : { index: 'subscription', key: subscription },
  )
  const found = docs.filter(
    (doc) =>
      (customer === undefined || doc.customer === customer) &&
      (status === undefined || doc.status === status) &&
      (subscription === undefined || subscriptionOf(doc) === subscription) &&
      (params.collection_method === undefined ||
        doc.collection_method === params.collection_method) &&
      (params.due_date === undefined ||
        (doc.due_date !== null && inRange(doc.due_date, params.due_date))) &&
      inRange(doc.created, params.created),
  )
  return listPage(found, params, '/v1/invoices')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): Invoice {
  const before = requireInvoice(ctx, id)
  requireChangeable(before, params)
  const { auto_advance, default_payment_method: method, description } = params
  if (method != null && before.customer !== null) {
    requireOwnMethod(ctx, { id: method, customer: before.customer }, 'default_payment_method')
  }
  const changes = {
    ...(before.status === 'draft'
      ? { ...scheduleOf(ctx, before, params), ...changedFields(before, params) }
      : {
          ...paymentSettings(before, params),
          ...(auto_advance !== undefined && { auto_advance }),
        }),
    ...(method === undefined ? {} : { default_payment_method: method }),
    ...(description === undefined ? {} : { description }),
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  }
  if (before.status === 'draft') {
    const discounted = withDiscounts(ctx, before, params.discounts)
    return storeDraft(ctx, before, { ...withTaxes(ctx, discounted, params), ...changes })
  }
  const after = ctx.patch('invoices', id, changes)
  ctx.emit('invoice.updated', after, changesBetween(before, after))
  return after
}

/** Pays an invoice now. A declined card gives a 402, and the attempt stays on record. */
function pay(ctx: Context, id: string, params: ValueOf<typeof payParams>): object {
  const before = requireInvoice(ctx, id)
  if (before.status === 'paid') throw invalidRequest('Invoice is already paid')
  const open = before.status === 'draft' ? finalizeInvoice(ctx, before) : before
  if (open.status === 'paid') {
    settleSubscription(ctx, { outcome: 'paid', invoice: open })
    return open
  }
  if (open.status === 'void') {
    throw invalidRequest('This invoice can no longer be paid.')
  }
  if (params.paid_out_of_band === true) {
    const paid = markPaid(ctx, open, { outOfBand: true })
    settleSubscription(ctx, { outcome: 'paid', invoice: paid })
    return paid
  }
  const { payment_method: method } = params
  if (method !== undefined && open.customer !== null && !method.startsWith('pm_card_')) {
    requireOwnMethod(ctx, { id: method, customer: open.customer }, 'payment_method')
  }
  const collected = collectAndSettle(ctx, open, { method, manual: true })
  if (collected.outcome === 'paid') return collected.invoice
  if (collected.outcome === 'no_payment_method') {
    throw invalidRequest(
      'There is no `default_payment_method` set on this Customer or Invoice. Please set either of these or pass a `payment_method`.',
      { code: 'resource_missing' },
    )
  }
  if (collected.outcome === 'declined') throw paymentError(collected, true)
  throw new StripeError(
    402,
    {
      type: 'card_error',
      code: 'invoice_payment_intent_requires_action',
      message:
        'Payment for this invoice requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice. For more details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action',
    },
    true,
  )
}

/** Sends an invoice, which finalizes a draft. No mail is sent. */
function send(ctx: Context, id: string): object {
  const before = invoiceInPath(ctx, id)
  const isSent = before.collection_method === 'send_invoice'
  if (!isSent || (before.status !== 'draft' && before.status !== 'open')) {
    throw invalidRequest(
      'This invoice cannot be sent right now. Please contact us via https://support.stripe.com/contact with details, so we can help.',
    )
  }
  const open = before.status === 'draft' ? finalizeInvoice(ctx, before) : before
  ctx.emit('invoice.sent', open)
  return open
}

/** Marks an invoice as uncollectible; that of a resumption resumes the subscription (types of the `stripe` package). */
function markUncollectibleAndSettle(ctx: Context, open: Invoice): Invoice {
  const invoice = markUncollectible(ctx, open)
  const subscription = ctx.store.get('subscriptions', subscriptionOf(invoice) ?? '')
  if (subscription?.status === 'paused') settlePaused(ctx, subscription, { invoice, paid: true })
  return invoice
}
