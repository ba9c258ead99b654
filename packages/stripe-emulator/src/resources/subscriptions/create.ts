import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { proratedAmount } from '../../core/money.ts'
import { afterIntervals, nextBoundary } from '../../core/periods.ts'
import type {
  Customer,
  Invoice,
  InvoiceLine,
  Price,
  Subscription,
  SubscriptionItem,
} from '../../documents.ts'
import { priceAmount, requireCurrency } from '../catalog/amount.ts'
import { defaultMethodOf } from '../customers/customer.ts'
import { requireOneCurrency } from '../customers/lasting-currency.ts'
import { discountSubscription, itemDiscounts } from '../discounts/of-subscription.ts'
import type { DiscountParam } from '../discounts/redeem/discount-params.ts'
import { scheduleRenewalNotice, scheduleTrialEndNotice } from '../events/reminders.ts'
import type { Collected } from '../invoices/collect.ts'
import { applyPaymentResult, collectInvoice } from '../invoices/collect.ts'
import { finalizeInvoice } from '../invoices/finalize.ts'
import { createInvoice, subscriptionOf } from '../invoices/invoice.ts'
import { pendingItems } from '../invoices/items/invoice-item.ts'
import { subscriptionLines } from '../invoices/line.ts'
import { finishAuthentication } from '../payments/confirm.ts'
import { noScheduledEnd, scheduledEnd } from './cancel.ts'
import { paymentError } from './change/bill-change.ts'
import { changeSubscription } from './settle.ts'
import { itemFields, newItem, newSubscription, periodEnd } from './subscription.ts'

const DRAFT_SECONDS = 3600

interface OrderedItem {
  price: Price
  quantity: number
  metadata: Record<string, string>
  discounts?: readonly DiscountParam[] | null | undefined
}

/** The values of a new subscription, from the API, Checkout or a schedule. */
export interface SubscriptionOrder {
  customer: Customer
  items: OrderedItem[]
  /** The discounts to redeem; undefined: those of the customer apply. */
  discounts?: readonly DiscountParam[] | null | undefined
  /** One that every price has an amount in; none: that of the first price. */
  currency?: string | undefined
  /** The end of the trial, in seconds; null: none. */
  trialEnd: number | null
  /** The start of the first full period, in the future; null: now, or the end of the trial. */
  anchor: number | null
  prorate: boolean
  paymentBehavior: 'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete'
  cancelAt: number | 'period_end' | null
  fields: Partial<Subscription>
  /** When `customer.subscription.created` is sent: Checkout does before the payment, the API after it. */
  announce: 'before_payment' | 'after_payment'
  /** The payment method of the first payment, which becomes the default of the subscription. */
  payWith: string | null
  /** Whether the first payment has passed 3-D Secure. */
  authenticated: boolean
}

export interface CreatedSubscription {
  subscription: Subscription
  invoice: Invoice
  collected: Collected | null
}

/**
 * Creates a subscription with its first invoice and first payment. A failed first payment leaves it `incomplete`,
 * or throws 402 with `error_if_incomplete` (docs/stripe.md, facts 1 to 5).
 */
export function createSubscription(ctx: Context, order: SubscriptionOrder): CreatedSubscription {
  const currency = currencyOf(ctx, order)
  requireOneCurrency(ctx, order.customer.id, currency)
  const blank = newSubscription(ctx, order.customer, currency)
  const items = firstItems(blank, order)
  const trial =
    order.trialEnd === null
      ? {}
      : { trial_start: blank.created, trial_end: order.trialEnd, status: 'trialing' as const }
  const ordered = ctx.store.put('subscriptions', {
    ...blank,
    ...order.fields,
    ...itemFields(blank.id, items),
    billing_cycle_anchor: order.trialEnd ?? order.anchor ?? blank.created,
    ...trial,
  })
  const placed = discountOrder(ctx, ordered, order)
  const scheduled =
    order.cancelAt === null
      ? noScheduledEnd()
      : scheduledEnd(ctx, placed, {
          at: order.cancelAt === 'period_end' ? periodEnd(placed) : order.cancelAt,
          atPeriodEnd: order.cancelAt === 'period_end',
        })
  const started = ctx.patch('subscriptions', placed.id, scheduled)
  if (order.announce === 'after_payment')
    ctx.emitWithFinalState('customer.subscription.created', started)
  const draft = firstInvoice(ctx, started, order)
  requirePaymentMethodOrFree(order, draft)
  const invoiced = ctx.patch('subscriptions', placed.id, { latest_invoice: draft.id })
  if (order.announce === 'before_payment') ctx.emit('customer.subscription.created', invoiced)
  const created = payFirst(ctx, draft, order)
  scheduleTrialEndNotice(ctx, created.subscription)
  scheduleRenewalNotice(ctx, created.subscription)
  return created
}

/** The currency of the subscription; every price has an amount in it. Throws 400. */
function currencyOf(ctx: Context, order: SubscriptionOrder): string {
  const [first] = order.items
  if (first === undefined) {
    throw invalidRequest('Missing required param: items.', {
      code: 'parameter_missing',
      param: 'items',
    })
  }
  const currency = order.currency ?? first.price.currency
  for (const [index, { price }] of order.items.entries()) {
    requireCurrency(ctx, price, { expected: currency, param: `items[${index}][price]` })
  }
  return currency
}

function firstItems(blank: Subscription, order: SubscriptionOrder): SubscriptionItem[] {
  const now = blank.created
  const anchor = order.trialEnd ?? order.anchor ?? now
  return order.items.map((of, index) => {
    const { recurring } = of.price
    if (recurring === null) {
      throw invalidRequest(
        `The price specified is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
        { param: `items[${index}][price]` },
      )
    }
    const end = anchor > now ? anchor : nextBoundary(anchor, recurring, now)
    return newItem(of, { subscription: blank.id, period: { start: now, end }, created: now })
  })
}

/** Redeems the discounts of a new subscription and of its items. */
function discountOrder(
  ctx: Context,
  subscription: Subscription,
  order: SubscriptionOrder,
): Subscription {
  const { currency } = subscription
  const sum = order.items.reduce(
    (total, { price, quantity }) => total + priceAmount(ctx, price, { quantity, currency }),
    0,
  )
  const amount = order.trialEnd === null ? sum : 0
  const discounted = discountSubscription(ctx, subscription, {
    discounts: order.discounts,
    param: 'discounts',
    amount,
  })
  const items = discounted.items.data.map((item, index) => {
    const { discounts } = order.items[index] ?? {}
    const about = { subscription: discounted, param: `items[${index}][discounts]`, amount }
    return { ...item, discounts: itemDiscounts(ctx, item, { ...about, discounts }) }
  })
  return ctx.patch('subscriptions', subscription.id, itemFields(subscription.id, items))
}

/** Throws 400 where something is due at once and nothing can pay it; a discount can make it free. */
function requirePaymentMethodOrFree(order: SubscriptionOrder, draft: Invoice): void {
  const method =
    order.payWith ?? order.fields.default_payment_method ?? defaultMethodOf(order.customer)
  const free = order.trialEnd !== null || draft.total === 0
  const sent = order.fields.collection_method === 'send_invoice'
  if (method !== null || free || sent || order.paymentBehavior === 'default_incomplete') return
  throw invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
    { code: 'resource_missing' },
  )
}

function firstInvoice(ctx: Context, subscription: Subscription, order: SubscriptionOrder): Invoice {
  const sent = subscription.collection_method === 'send_invoice'
  const now = subscription.created
  return createInvoice(ctx, {
    customer: order.customer,
    subscription,
    reason: 'subscription_create',
    items: pendingItems(ctx, order.customer.id, null),
    lines: subscription.items.data.flatMap((item) => firstLines(ctx, item, order)),
    period: { start: now, end: now },
    currency: subscription.currency,
    collectionMethod: sent ? 'send_invoice' : 'charge_automatically',
    daysUntilDue: subscription.days_until_due,
    finalizesAt: sent ? now + DRAFT_SECONDS : null,
    description: subscription.description,
    metadata: {},
  })
}

function firstLines(ctx: Context, item: SubscriptionItem, order: SubscriptionOrder): InvoiceLine[] {
  const period = { start: item.current_period_start, end: item.current_period_end }
  const lines = subscriptionLines(ctx, item, { period, trial: order.trialEnd !== null })
  const { recurring } = item.price
  if (order.anchor === null || order.trialEnd !== null || recurring === null) return lines
  const full = period.end - afterIntervals(period.end, recurring, -1)
  return lines.map((line) => {
    const amount = order.prorate
      ? proratedAmount(line.amount, { seconds: period.end - period.start, of: full })
      : 0
    return { ...line, amount, subtotal: amount }
  })
}

function payFirst(ctx: Context, draft: Invoice, order: SubscriptionOrder): CreatedSubscription {
  const id = subscriptionOf(draft) ?? ''
  const begun: Partial<Subscription> = {
    ...(order.trialEnd === null ? { status: 'active' } : {}),
    ...(order.payWith === null ? {} : { default_payment_method: order.payWith }),
  }
  const sent = draft.collection_method === 'send_invoice'
  const invoice = sent ? draft : finalizeInvoice(ctx, draft)
  if (sent || invoice.status === 'paid') {
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
  const subscription =
    order.announce === 'before_payment'
      ? changeSubscription(ctx, incomplete, begun)
      : ctx.patch('subscriptions', id, begun)
  return { subscription, invoice: collected.invoice, collected }
}

function collectFirst(ctx: Context, invoice: Invoice, order: SubscriptionOrder): Collected {
  const collected = collectInvoice(ctx, invoice, order.payWith ?? undefined)
  if (collected.outcome !== 'requires_action' || !order.authenticated) return collected
  const intent = finishAuthentication(ctx, collected.intent, true)
  return applyPaymentResult(ctx, collected.invoice, intent)
}
