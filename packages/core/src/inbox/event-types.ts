import type { InboxEvent } from './parse.ts'

/** The guide's five: they suffice for access. */
const access = [
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'invoice.paid',
  'invoice.payment_failed',
] as const

/** What keeps the rest equal to Stripe: refunds, voids, pauses, deletions, pending updates, schedules, checkout. */
const detail = [
  'charge.refunded',
  'checkout.session.completed',
  'customer.deleted',
  'customer.subscription.paused',
  'customer.subscription.pending_update_applied',
  'customer.subscription.pending_update_expired',
  'customer.subscription.resumed',
  'invoice.deleted',
  'invoice.finalized',
  'invoice.marked_uncollectible',
  'invoice.payment_action_required',
  'invoice.updated',
  'invoice.voided',
  'subscription_schedule.canceled',
  'subscription_schedule.created',
  'subscription_schedule.released',
  'subscription_schedule.updated',
] as const

/** What a plan costs may have changed. */
const prices = ['price.created', 'price.updated', 'price.deleted'] as const

/** Every event that makes us ask Stripe; every other one is stored and ignored. */
export const neededEventTypes = [...access, ...detail, ...prices] as const

/** The events that make a sync of their customer, whatever they say. */
const syncedEventTypes: ReadonlySet<string> = new Set([...access, ...detail])

/** The events that make us read the plans' prices anew. */
const priceEventTypes: ReadonlySet<string> = new Set(prices)

/** Why an event makes nothing happen. */
export type IgnoredBecause = 'other_mode' | 'other_type' | 'no_customer' | 'unknown_customer'

/** Whether an event is to be worked on; null: it is, else why not. */
export function ignoredBecause(event: InboxEvent, livemode: boolean): IgnoredBecause | null {
  if (event.livemode !== livemode) return 'other_mode'
  if (priceEventTypes.has(event.type)) return null
  if (!syncedEventTypes.has(event.type)) return 'other_type'
  return event.customerId === null && event.objectId === null ? 'no_customer' : null
}
