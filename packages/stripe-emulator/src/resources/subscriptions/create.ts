import type { Context } from '../../core/context.ts'
import type { Invoice, Subscription } from '../../documents.ts'
import { scheduleRenewalNotice, scheduleTrialEndNotice } from '../events/reminders.ts'
import type { Collected } from '../invoices/collect.ts'
import { applyIntentAttempt, collectInvoice } from '../invoices/collect.ts'
import { finalizeInvoice } from '../invoices/finalize.ts'
import { subscriptionOf } from '../invoices/invoice.ts'
import { finishAuthentication } from '../payments/confirm.ts'
import { endAt, noScheduledEnd, scheduledEnd } from './cancel.ts'
import { paymentError } from './change/bill-change.ts'
import { firstInvoice } from './first-period/first-invoice.ts'
import type { SubscriptionOrder } from './first-period/order.ts'
import { pendingSetup } from './first-period/pending-setup.ts'
import { redeemDiscounts } from './first-period/redeem-discounts.ts'
import type { FirstItem, Start } from './first-period/start.ts'
import { firstItem } from './first-period/start.ts'
import { requireFittingPrices } from './items/item-rules.ts'
import { changeSubscription, savedMethod } from './settle.ts'
import { itemFields, newSubscription } from './subscription.ts'

export interface CreatedSubscription {
  subscription: Subscription
  /** The first invoice; null: nothing was to be invoiced. */
  invoice: Invoice | null
  collected: Collected | null
}

/**
 * Creates a subscription with its first invoice and first payment. A failed first payment leaves it `incomplete`,
 * or throws 402 with `error_if_incomplete` (docs/stripe.md, facts 1 to 5).
 */
export function createSubscription(ctx: Context, order: SubscriptionOrder): CreatedSubscription {
  const start = startOf(ctx, order)
  requireFittingPrices(ctx, order.customer, {
    prices: order.items.map(({ price }) => price),
    currency: order.currency,
  })
  const placed = redeemDiscounts(ctx, order, placeSubscription(ctx, order, start))
  const started = ctx.patch(
    'subscriptions',
    placed.subscription.id,
    order.cancelAt === null
      ? noScheduledEnd()
      : scheduledEnd(ctx, placed.subscription, endAt(placed.subscription, order.cancelAt)),
  )
  if (order.announce === 'after_payment')
    ctx.emitWithFinalState('customer.subscription.created', started)
  const draft = firstInvoice(ctx, started, { order, start, items: placed.items })
  const invoiced = ctx.patch('subscriptions', started.id, { latest_invoice: draft?.id ?? null })
  if (order.announce === 'before_payment') ctx.emit('customer.subscription.created', invoiced)
  const created =
    draft === null
      ? { subscription: begin(ctx, invoiced, order), invoice: null, collected: null }
      : payFirst(ctx, draft, order)
  const ready = ctx.patch(
    'subscriptions',
    started.id,
    pendingSetup(ctx, created.subscription, draft),
  )
  scheduleTrialEndNotice(ctx, ready)
  scheduleRenewalNotice(ctx, ready)
  return { ...created, subscription: ready }
}

function startOf(ctx: Context, order: SubscriptionOrder): Start {
  const now = ctx.timeOf(order.customer.test_clock)
  const at = order.backdatedTo ?? now
  const resets = order.fields.trial_settings?.end_behavior.billing_cycle_anchor
  const trialAnchor = resets === 'unchanged' ? null : order.trialEnd
  const anchor = resets === 'now' ? trialAnchor : (order.anchor ?? trialAnchor)
  return {
    at,
    now,
    anchor: anchor ?? order.anchor ?? at,
    trialEnd: order.trialEnd,
    cancelAt: typeof order.cancelAt === 'number' ? order.cancelAt : null,
    prorate: order.prorate,
  }
}

function placeSubscription(
  ctx: Context,
  order: SubscriptionOrder,
  start: Start,
): { subscription: Subscription; items: FirstItem[] } {
  const currency = order.currency ?? order.items[0]?.price.currency ?? ''
  const blank = newSubscription(ctx, order.customer, currency)
  const items = order.items.map((of) => firstItem(of, { subscription: blank.id, start }))
  const paysNow = (order.addedItems ?? []).length > 0
  const trial =
    order.trialEnd === null
      ? {}
      : {
          trial_start: start.at,
          trial_end: order.trialEnd,
          ...(paysNow ? {} : { status: 'trialing' as const }),
        }
  const subscription = ctx.store.put('subscriptions', {
    ...blank,
    ...order.fields,
    ...itemFields(
      blank.id,
      items.map(({ item }) => item),
    ),
    billing_cycle_anchor: start.anchor,
    start_date: start.at,
    ...trial,
  })
  return { subscription, items }
}

function begin(ctx: Context, created: Subscription, order: SubscriptionOrder): Subscription {
  return ctx.patch('subscriptions', created.id, begunFields(order))
}

function begunFields(order: SubscriptionOrder): Partial<Subscription> {
  return {
    status: order.trialEnd === null ? 'active' : 'trialing',
    ...(order.payWith === null ? {} : { default_payment_method: order.payWith }),
  }
}

function payFirst(ctx: Context, draft: Invoice, order: SubscriptionOrder): CreatedSubscription {
  const id = subscriptionOf(draft) ?? ''
  const begun = begunFields(order)
  const waits = draft.collection_method === 'send_invoice' || order.waitsAsDraft === true
  const invoice = waits ? draft : finalizeInvoice(ctx, draft)
  if (waits || invoice.status === 'paid') {
    return { subscription: ctx.patch('subscriptions', id, begun), invoice, collected: null }
  }
  const incomplete = ctx.patch('subscriptions', id, {})
  if (order.paymentBehavior === 'default_incomplete') {
    return { subscription: incomplete, invoice, collected: null }
  }
  const collected = collectFirst(ctx, invoice, order)
  if (collected.outcome !== 'paid') {
    if (order.paymentBehavior === 'error_if_incomplete') throw paymentError(collected)
    return { subscription: incomplete, invoice: collected.invoice, collected }
  }
  const saved = { ...savedMethod(ctx, incomplete, collected.invoice), ...begun }
  const subscription =
    order.announce === 'before_payment'
      ? changeSubscription(ctx, incomplete, saved)
      : ctx.patch('subscriptions', id, saved)
  return { subscription, invoice: collected.invoice, collected }
}

function collectFirst(ctx: Context, invoice: Invoice, order: SubscriptionOrder): Collected {
  const collected = collectInvoice(ctx, invoice, { method: order.payWith ?? undefined })
  if (collected.outcome !== 'requires_action' || !order.authenticated) return collected
  const intent = finishAuthentication(ctx, collected.intent, true)
  return applyIntentAttempt(ctx, collected.invoice, intent)
}
