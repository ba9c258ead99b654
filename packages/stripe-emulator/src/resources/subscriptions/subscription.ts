import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import { longId, shortId } from '../../core/ids.ts'
import type { Customer, Price, Subscription, SubscriptionItem, TaxRate } from '../../documents.ts'
import { planOf } from '../catalog/price.ts'
import type { Period } from '../invoices/line.ts'
import { isMetered } from '../meters/meter.ts'

/** A subscription, also an ended one. Throws 404, or 400 where `param` names it. */
export function requireSubscription(ctx: Context, id: string, param?: string): Subscription {
  const subscription = ctx.store.get('subscriptions', id)
  if (subscription === undefined) throw noSuch('subscription', id, param)
  return subscription
}

/** Whether a subscription has ended for good. */
export function isEnded(subscription: Subscription): boolean {
  return subscription.status === 'canceled' || subscription.status === 'incomplete_expired'
}

/** The end of the current period: the earliest of its items. */
export function periodEnd(subscription: Subscription): number {
  return Math.min(...subscription.items.data.map((item) => item.current_period_end))
}

/** The end of the period of the item whose period ends last. */
export function lastPeriodEnd(subscription: Subscription): number {
  return Math.max(...subscription.items.data.map((item) => item.current_period_end))
}

/** The start of the current period: the latest of its items. */
export function periodStart(subscription: Subscription): number {
  return Math.max(...subscription.items.data.map((item) => item.current_period_start))
}

/** A new item with a price, for a period. */
export function newItem(
  of: {
    price: Price
    quantity: number
    metadata: Record<string, string>
    taxRates?: TaxRate[] | undefined
  },
  place: { subscription: string; period: Period; created: number },
): SubscriptionItem {
  return {
    id: shortId('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: place.created,
    current_period_end: place.period.end,
    current_period_start: place.period.start,
    current_trial: null,
    discounts: [],
    metadata: of.metadata,
    plan: planOf(of.price),
    price: of.price,
    ...(isMetered(of.price) ? {} : { quantity: of.quantity }),
    subscription: place.subscription,
    tax_rates: of.taxRates ?? [],
  }
}

/** An item with another price and quantity. */
export function repriced(item: SubscriptionItem, price: Price, quantity: number): SubscriptionItem {
  const { quantity: _quantity, ...rest } = item
  const billed = isMetered(price) ? {} : { quantity }
  return { ...rest, plan: planOf(price), price, ...billed }
}

/** The fields of a subscription that follow from its items: the list, and `plan` and `quantity` of a single item. */
export function itemFields(id: string, items: readonly SubscriptionItem[]) {
  const [only] = items
  const single = items.length === 1 && only !== undefined
  return {
    items: {
      object: 'list' as const,
      data: [...items],
      has_more: false,
      total_count: items.length,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    plan: single ? only.plan : null,
    quantity: single ? (only.quantity ?? null) : null,
  }
}

/** The fields of a new subscription, where a request does not set them. */
export const NEW_SETTINGS = {
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor_config: null,
  billing_schedules: [],
  billing_thresholds: null,
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
  collection_method: 'charge_automatically',
  customer_account: null,
  days_until_due: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  ended_at: null,
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: 'self' },
  },
  latest_invoice: null,
  livemode: false,
  managed_payments: null,
  metadata: {},
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  payment_settings: {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method: 'off',
  },
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  status: 'incomplete',
  transfer_data: null,
  trial_end: null,
  trial_settings: {
    end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
  },
  trial_start: null,
} satisfies Partial<Subscription>

/** A new subscription without items, before its first invoice. */
export function newSubscription(ctx: Context, customer: Customer, currency: string): Subscription {
  const id = longId('sub')
  const testClock = customer.test_clock ?? null
  const now = ctx.timeOf(testClock)
  return {
    ...NEW_SETTINGS,
    id,
    object: 'subscription',
    billing_cycle_anchor: now,
    billing_mode: {
      flexible: { proration_discounts: 'included' },
      type: 'flexible',
      updated_at: now,
    },
    created: now,
    currency,
    customer: customer.id,
    ...itemFields(id, []),
    start_date: now,
    test_clock: testClock,
  }
}
