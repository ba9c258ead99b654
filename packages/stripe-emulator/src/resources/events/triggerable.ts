import type { CollectionName, Event } from '../../documents.ts'

/** The event types that can be triggered for an object, by its collection. */
export const TYPES: { readonly [Name in CollectionName]?: readonly Event['type'][] } = {
  customers: ['customer.created', 'customer.updated', 'customer.deleted'],
  products: ['product.created', 'product.updated', 'product.deleted'],
  prices: ['price.created', 'price.updated', 'price.deleted'],
  coupons: ['coupon.created', 'coupon.updated', 'coupon.deleted'],
  promotion_codes: ['promotion_code.created', 'promotion_code.updated'],
  discounts: [
    'customer.discount.created',
    'customer.discount.updated',
    'customer.discount.deleted',
  ],
  payment_methods: [
    'payment_method.attached',
    'payment_method.updated',
    'payment_method.automatically_updated',
    'payment_method.detached',
  ],
  subscriptions: [
    'customer.subscription.created',
    'customer.subscription.updated',
    'customer.subscription.deleted',
    'customer.subscription.paused',
    'customer.subscription.resumed',
    'customer.subscription.trial_will_end',
    'customer.subscription.pending_update_applied',
    'customer.subscription.pending_update_expired',
  ],
  subscription_schedules: [
    'subscription_schedule.created',
    'subscription_schedule.updated',
    'subscription_schedule.completed',
    'subscription_schedule.released',
    'subscription_schedule.canceled',
  ],
  invoices: [
    'invoice.created',
    'invoice.updated',
    'invoice.finalized',
    'invoice.finalization_failed',
    'invoice.sent',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice.payment_failed',
    'invoice.payment_action_required',
    'invoice.overdue',
    'invoice.voided',
    'invoice.marked_uncollectible',
    'invoice.deleted',
  ],
  payment_intents: [
    'payment_intent.created',
    'payment_intent.processing',
    'payment_intent.requires_action',
    'payment_intent.succeeded',
    'payment_intent.payment_failed',
    'payment_intent.canceled',
  ],
  setup_intents: [
    'setup_intent.created',
    'setup_intent.requires_action',
    'setup_intent.succeeded',
    'setup_intent.setup_failed',
    'setup_intent.canceled',
  ],
  charges: [
    'charge.pending',
    'charge.succeeded',
    'charge.failed',
    'charge.updated',
    'charge.captured',
    'charge.refunded',
    'charge.expired',
  ],
  disputes: [
    'charge.dispute.created',
    'charge.dispute.updated',
    'charge.dispute.closed',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.funds_reinstated',
  ],
  refunds: ['refund.created', 'refund.updated', 'refund.failed'],
  checkout_sessions: [
    'checkout.session.completed',
    'checkout.session.expired',
    'checkout.session.async_payment_succeeded',
    'checkout.session.async_payment_failed',
  ],
}

/** All event types that can be triggered. */
export const TRIGGERABLE: readonly string[] = Object.values(TYPES).flat()
