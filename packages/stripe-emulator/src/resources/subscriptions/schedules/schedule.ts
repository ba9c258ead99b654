import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { Due } from '../../../core/store/table.ts'
import { MAIN_TIMELINE } from '../../../core/store/table.ts'
import type { Subscription, SubscriptionSchedule } from '../../../documents.ts'
import { existingDiscounts } from '../../discounts/of/phase.ts'
import { periodEnd, periodStart } from '../subscription.ts'

export type Phase = SubscriptionSchedule['phases'][number]

/** A schedule. Throws 404. */
export function requireSchedule(ctx: Context, id: string): SubscriptionSchedule {
  const schedule = ctx.store.get('subscription_schedules', id)
  if (schedule === undefined) throw noSuch('subscription schedule', id)
  return schedule
}

const DONE = { cancel: 'canceled', release: 'released', update: 'updated' } as const

/** A schedule that is active or not started, so that it can still be changed. Throws 400 for any other. */
export function requireOpenSchedule(
  ctx: Context,
  id: string,
  verb: keyof typeof DONE = 'update',
): SubscriptionSchedule {
  const schedule = requireSchedule(ctx, id)
  if (schedule.status === 'active' || schedule.status === 'not_started') return schedule
  throw invalidRequest(
    `You cannot ${verb} a subscription schedule that is currently in the \`${schedule.status}\` status. It must be in \`not_started, active\` status to be ${DONE[verb]}.`,
  )
}

/** When a schedule is due: at the end of its current phase, or at the start of the first one. */
export function scheduleDue(schedule: SubscriptionSchedule): Due | null {
  const timeline = schedule.test_clock ?? MAIN_TIMELINE
  if (schedule.status === 'active' && schedule.current_phase !== null) {
    return { at: schedule.current_phase.end_date, timeline }
  }
  const [first] = schedule.phases
  if (schedule.status !== 'not_started' || first === undefined) return null
  return { at: first.start_date, timeline }
}

/** What a phase says where its parameters do not. */
export const PHASE_DEFAULTS = {
  add_invoice_items: [],
  application_fee_percent: null,
  billing_cycle_anchor: null,
  billing_thresholds: null,
  collection_method: null,
  default_payment_method: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  invoice_settings: null,
  metadata: {},
  on_behalf_of: null,
  transfer_data: null,
  trial_end: null,
} satisfies Partial<Phase>

/** The current phase of a subscription without a schedule: what it is now, until the end of its period. */
export function currentPhase(subscription: Subscription): Phase {
  const isSent = subscription.collection_method === 'send_invoice'
  return {
    ...PHASE_DEFAULTS,
    automatic_tax: subscription.automatic_tax,
    default_tax_rates: subscription.default_tax_rates ?? [],
    collection_method: isSent ? 'send_invoice' : null,
    currency: subscription.currency,
    discounts: existingDiscounts(subscription.discounts),
    default_payment_method: subscription.default_payment_method,
    description: subscription.description,
    end_date: periodEnd(subscription),
    invoice_settings: isSent
      ? { ...NO_INVOICE_SETTINGS, days_until_due: subscription.days_until_due }
      : null,
    items: subscription.items.data.map((item) => ({
      billing_thresholds: null,
      discounts: existingDiscounts(item.discounts),
      metadata: item.metadata,
      plan: item.price.id,
      price: item.price.id,
      ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
      tax_rates: item.tax_rates,
    })),
    metadata: subscription.metadata,
    proration_behavior: 'create_prorations',
    start_date: periodStart(subscription),
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  }
}

/** Settings of invoices that say nothing. */
export const NO_INVOICE_SETTINGS = {
  account_tax_ids: null,
  custom_fields: null,
  days_until_due: null,
  description: null,
  footer: null,
  issuer: null,
}

/** A schedule without phases. */
export function newSchedule(
  ctx: Context,
  customer: string,
  testClock: string | null,
): SubscriptionSchedule {
  const now = ctx.timeOf(testClock)
  return {
    id: longId('sub_sched'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: {
      flexible: { proration_discounts: 'included' },
      type: 'flexible',
      updated_at: now,
    },
    canceled_at: null,
    completed_at: null,
    created: now,
    current_phase: null,
    customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: { disabled_reason: null, enabled: false, liability: null },
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: 'charge_automatically',
      default_payment_method: null,
      description: null,
      invoice_settings: { ...NO_INVOICE_SETTINGS, issuer: { type: 'self' } },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: 'release',
    livemode: false,
    metadata: {},
    pause_schedules: [],
    phases: [],
    released_at: null,
    released_subscription: null,
    status: 'not_started',
    subscription: null,
    test_clock: testClock,
  }
}
