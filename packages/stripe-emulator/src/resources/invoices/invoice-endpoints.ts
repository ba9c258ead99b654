import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import { invalidRequest, StripeError } from '../../core/errors.ts'
import type { Invoice } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, paginationFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean } from '../../http/params/param.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { changesBetween } from '../events/changes.ts'
import { paymentError } from '../subscriptions/change/bill-change.ts'
import { settlePaused } from '../subscriptions/pause/leave-pause.ts'
import { collectAndSettle, settleSubscription } from '../subscriptions/settle.ts'
import { requireSubscription } from '../subscriptions/subscription.ts'
import { newInvoiceTaxes, withTaxes } from '../tax/requests/invoice-taxes.ts'
import { markUncollectible, voidInvoice } from './close.ts'
import { finalizeInvoice, markPaid } from './finalize.ts'
import { createInvoice, requireInvoice, subscriptionOf } from './invoice.ts'
import { createParams, listParams, payParams, updateParams } from './invoice-params.ts'
import { pendingItems } from './items/invoice-item.ts'
import { createPreview, previewParams } from './preview.ts'
import { withTotals } from './totals.ts'

/** How long a draft with `auto_advance` waits until it is finalized (recorded). */
const DRAFT_SECONDS = 3601

export const invoiceEndpoints = [
  endpoint('POST /v1/invoices', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/invoices', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('POST /v1/invoices/create_preview', previewParams, (ctx, { params }) =>
    createPreview(ctx, params),
  ),
  endpoint('GET /v1/invoices/:id', shape({}), (ctx, { id }) => requireInvoice(ctx, id)),
  endpoint('POST /v1/invoices/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
  endpoint('DELETE /v1/invoices/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
  endpoint('GET /v1/invoices/:id/lines', shape(paginationFields), (ctx, { id, params }) =>
    listPage(requireInvoice(ctx, id).lines.data, params, `/v1/invoices/${id}/lines`),
  ),
  endpoint('POST /v1/invoices/:id/finalize', shape({ auto_advance: boolean }), (ctx, { id }) => {
    const open = finalizeInvoice(ctx, requireInvoice(ctx, id))
    if (open.status === 'paid') settleSubscription(ctx, { outcome: 'paid', invoice: open })
    return open
  }),
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
  const includes = params.pending_invoice_items_behavior === 'include' || subscription !== null
  const pending = includes ? pendingItems(ctx, customer.id, subscription?.id ?? null) : []
  const currency =
    subscription?.currency ??
    params.currency ??
    pending[0]?.currency ??
    customer.currency ??
    ACCOUNT.currency
  const items = pending.filter((item) => item.currency === currency)
  const draft = createInvoice(ctx, {
    customer,
    subscription,
    reason: 'manual',
    items,
    lines: [],
    period: { start: subscription?.created ?? now, end: now },
    currency,
    collectionMethod: params.collection_method ?? 'charge_automatically',
    daysUntilDue: params.days_until_due ?? null,
    finalizesAt: params.auto_advance === true ? now + DRAFT_SECONDS : null,
    description: params.description ?? null,
    metadata: changeMetadata({}, params.metadata),
    tax: newInvoiceTaxes(ctx, params),
  })
  return ctx.patch('invoices', draft.id, {
    default_payment_method: params.default_payment_method ?? null,
    due_date: params.due_date ?? draft.due_date,
    footer: params.footer ?? draft.footer,
    rendering: draft.rendering ?? {
      amount_tax_display: null,
      pdf: { page_size: 'auto' },
      template: null,
      template_version: null,
    },
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
      inRange(doc.created, params.created),
  )
  return listPage(found, params, '/v1/invoices')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requireInvoice(ctx, id)
  const { auto_advance, default_payment_method, description, footer, due_date } = params
  const days = params.days_until_due
  const fields = { auto_advance, default_payment_method, description, footer, due_date }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  const taxed = taxedDraft(ctx, before, params)
  const after = ctx.store.put('invoices', {
    ...taxed,
    ...Object.fromEntries(given),
    ...(days === undefined ? {} : { due_date: before.created + days * 86_400 }),
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
  ctx.emit('invoice.updated', after, changesBetween(before, after))
  return after
}

/** The invoice with the taxes of an update and its totals. Throws 400 for an invoice that is final. */
function taxedDraft(ctx: Context, before: Invoice, params: ValueOf<typeof updateParams>): Invoice {
  const { automatic_tax, default_tax_rates } = params
  if (automatic_tax === undefined && default_tax_rates === undefined) return before
  if (before.status !== 'draft') {
    const param = automatic_tax === undefined ? 'default_tax_rates' : 'automatic_tax'
    throw invalidRequest(`Finalized invoices can't be updated in this way`, {
      code: 'invoice_not_editable',
      param,
    })
  }
  return withTotals(ctx, withTaxes(ctx, before, params))
}

function remove(ctx: Context, id: string): object {
  const draft = requireInvoice(ctx, id)
  if (draft.status !== 'draft') {
    throw invalidRequest('You can only delete draft invoices.', { code: 'invoice_not_editable' })
  }
  for (const item of ctx.store.newest('invoice_items')) {
    if (item.invoice === id) ctx.patch('invoice_items', item.id, { invoice: null })
  }
  ctx.store.remove('invoices', id)
  ctx.emit('invoice.deleted', draft)
  return { id, object: 'invoice', deleted: true }
}

/** Pays an invoice now. A declined card gives a 402, and the attempt stays on record. */
function pay(ctx: Context, id: string, params: ValueOf<typeof payParams>): object {
  const before = requireInvoice(ctx, id)
  if (before.status === 'paid') {
    throw invalidRequest('Invoice is already paid', { code: 'invoice_not_editable' })
  }
  const open = before.status === 'draft' ? finalizeInvoice(ctx, before) : before
  if (open.status === 'paid') {
    settleSubscription(ctx, { outcome: 'paid', invoice: open })
    return open
  }
  if (open.status === 'void') {
    throw invalidRequest('This invoice can no longer be paid.', { code: 'invoice_not_editable' })
  }
  if (params.paid_out_of_band === true) {
    const paid = markPaid(ctx, open)
    settleSubscription(ctx, { outcome: 'paid', invoice: paid })
    return paid
  }
  const collected = collectAndSettle(ctx, open, { method: params.payment_method, manual: true })
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
  const before = requireInvoice(ctx, id)
  const open = before.status === 'draft' ? finalizeInvoice(ctx, before) : before
  if (open.collection_method !== 'send_invoice') {
    throw invalidRequest(
      "You can only manually send an invoice if its collection method is 'send_invoice'.",
    )
  }
  if (open.status !== 'open') {
    throw invalidRequest(`You can only send open invoices. This invoice is ${open.status}.`, {
      code: 'invoice_not_editable',
    })
  }
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
