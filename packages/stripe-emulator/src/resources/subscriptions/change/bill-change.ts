import type { Context } from '../../../core/context.ts'
import { invalidRequest, StripeError } from '../../../core/errors.ts'
import type { Invoice, InvoiceItem, InvoiceLine, Subscription } from '../../../documents.ts'
import { requireCustomer } from '../../customers/customer.ts'
import type { Collected } from '../../invoices/collect.ts'
import { collectInvoice } from '../../invoices/collect.ts'
import { finalizeInvoice } from '../../invoices/finalize.ts'
import { createInvoice } from '../../invoices/invoice.ts'
import { pendingItems } from '../../invoices/items/invoice-item.ts'
import { billUsage, startUsage } from '../../meters/metered-items.ts'
import { cardDeclineError } from '../../payments/methods/attach.ts'
import { itemLines } from '../items/item-line.ts'
import { settleSubscription } from '../settle.ts'
import { periodStart } from '../subscription.ts'
import { pendingUpdateExpiry } from './pending-update.ts'
import type { ChangePlan } from './plan-change.ts'
import { prorate } from './prorate.ts'

type PaymentBehavior =
  | 'allow_incomplete'
  | 'default_incomplete'
  | 'error_if_incomplete'
  | 'pending_if_incomplete'

interface Bill {
  plan: ChangePlan
  /** The fields of the subscription after the change. */
  changed: Partial<Subscription>
  paymentBehavior: PaymentBehavior
}

/** Creates the draft invoice of a change: the prorations, and the new period where the plan says so. */
export function changeInvoice(
  ctx: Context,
  before: Subscription,
  bill: { plan: ChangePlan; items: InvoiceItem[]; reason?: 'subscription_cycle' },
): Invoice {
  const { plan, items } = bill
  const now = ctx.timeOf(before.test_clock)
  const lines = newLines(ctx, before, plan)
  return createInvoice(ctx, {
    customer: requireCustomer(ctx, before.customer),
    subscription: before,
    reason: bill.reason ?? 'subscription_update',
    items,
    lines,
    period: { start: lines.length > 0 ? now : periodStart(before), end: now },
    currency: before.currency,
    collectionMethod:
      before.collection_method === 'send_invoice' ? 'send_invoice' : 'charge_automatically',
    daysUntilDue: before.days_until_due,
    finalizesAt: null,
    description: before.description,
    metadata: {},
  })
}

function newLines(ctx: Context, before: Subscription, plan: ChangePlan): InvoiceLine[] {
  if (plan.newLines === 'none') return []
  const anchor = plan.fields.billing_cycle_anchor ?? before.billing_cycle_anchor
  const trial = plan.newLines === 'trial'
  return plan.items.flatMap((item) => itemLines(ctx, item, { anchor, trial }))
}

/** Invoices pending items now, and tries once to collect the invoice. */
export function invoicePendingItems(
  ctx: Context,
  before: Subscription,
  items: InvoiceItem[],
): Invoice {
  const plan = pendingPlan(ctx, before)
  return collectNow(ctx, finalizeInvoice(ctx, changeInvoice(ctx, before, { plan, items })))
}

function pendingPlan(ctx: Context, before: Subscription): ChangePlan {
  return {
    items: [],
    fields: {},
    changes: [],
    at: ctx.timeOf(before.test_clock),
    prorate: true,
    invoiceNow: true,
    newLines: 'none',
  }
}

function collectNow(ctx: Context, open: Invoice): Invoice {
  if (open.status !== 'open' || ctx.previewing) return open
  const collected = collectInvoice(ctx, open)
  settleSubscription(ctx, collected)
  return collected.invoice
}

/**
 * Invoices the pending items of a subscription that was canceled. A credit that is left over is not paid out: its
 * invoice is uncollectible, and the balance of the customer stays as it is (probed).
 */
export function invoiceFinally(ctx: Context, before: Subscription, items: InvoiceItem[]): Invoice {
  const plan = pendingPlan(ctx, before)
  const draft = changeInvoice(ctx, before, { plan, items, reason: 'subscription_cycle' })
  if (draft.total >= 0) return collectNow(ctx, finalizeInvoice(ctx, draft))
  const marked = ctx.patch('invoices', draft.id, {
    auto_advance: false,
    status: 'uncollectible',
    status_transitions: {
      ...draft.status_transitions,
      marked_uncollectible_at: ctx.timeOf(draft.test_clock),
    },
  })
  ctx.emit('invoice.marked_uncollectible', marked)
  return marked
}

/** Bills a change as its plan says and applies it, or keeps it as a pending update until it is paid. */
export function billChange(ctx: Context, before: Subscription, bill: Bill): Subscription {
  const after = billAndApply(ctx, before, bill)
  if (after.pending_update === null) startUsage(ctx, before.items.data, after)
  return after
}

function billAndApply(ctx: Context, before: Subscription, bill: Bill): Subscription {
  const { plan, changed } = bill
  const earlier = plan.invoiceNow ? pendingItems(ctx, before.customer, before.id) : []
  const items = plan.prorate
    ? [...billUsage(ctx, before, plan.changes), ...prorate(ctx, before, plan)]
    : []
  const billsNothing = earlier.length + items.length + newLines(ctx, before, plan).length === 0
  if (!plan.invoiceNow || billsNothing) return ctx.patch('subscriptions', before.id, changed)
  const draft = changeInvoice(ctx, before, { plan, items: [...earlier, ...items] })
  const open = finalizeInvoice(ctx, draft)
  const after = ctx.patch('subscriptions', before.id, { ...changed, latest_invoice: open.id })
  if (open.status === 'paid' || open.collection_method === 'send_invoice') return after
  if (ctx.previewing) return after
  if (bill.paymentBehavior === 'default_incomplete') {
    return ctx.patch('subscriptions', before.id, { status: 'past_due' })
  }
  const collected = collectInvoice(ctx, open)
  if (collected.outcome === 'paid') return after
  return handleUnpaid(ctx, before, { ...bill, collected })
}

function handleUnpaid(
  ctx: Context,
  before: Subscription,
  bill: Bill & { collected: Collected },
): Subscription {
  const { collected, plan } = bill
  switch (bill.paymentBehavior) {
    case 'error_if_incomplete':
      throw paymentError(collected)
    case 'pending_if_incomplete':
      ctx.patch('invoices', collected.invoice.id, { auto_advance: false })
      return ctx.store.put('subscriptions', {
        ...before,
        latest_invoice: collected.invoice.id,
        pending_update: {
          billing_cycle_anchor: plan.fields.billing_cycle_anchor ?? null,
          cancel_at_period_end: null,
          discount: null,
          discounts: null,
          expires_at: pendingUpdateExpiry(ctx, before),
          metadata: null,
          subscription_items: plan.items,
          trial_end: plan.fields.trial_end ?? null,
          trial_from_plan: null,
        },
      })
    default:
      settleSubscription(ctx, collected)
      return ctx.patch('subscriptions', before.id, {})
  }
}

/** The 400 where nothing could pay (docs/stripe.md, fact 2). */
export function noPaymentMethod(): StripeError {
  return invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
    { code: 'resource_missing' },
  )
}

/** The 402 for a payment that was declined or requires 3-D Secure. */
export function paymentError(collected: Collected, keepsEffects = false): StripeError {
  const error = 'intent' in collected ? collected.intent.last_payment_error : null
  if (error !== null) {
    return cardDeclineError(
      {
        code: error.code ?? 'card_declined',
        declineCode: error.decline_code ?? null,
        message: error.message ?? 'Your card was declined.',
      },
      keepsEffects,
    )
  }
  return new StripeError(
    402,
    {
      type: 'card_error',
      code: 'subscription_payment_intent_requires_action',
      message:
        "Payment for this subscription requires additional user action, but the requested payment behavior doesn't save the invoice or PaymentIntent. Retry the request with `payment_behavior=allow_incomplete` or `payment_behavior=default_incomplete`, then complete the PaymentIntent on the subscription's latest invoice. Additional information is available here: https://stripe.com/docs/billing/subscriptions/overview#requires-action",
    },
    keepsEffects,
  )
}
