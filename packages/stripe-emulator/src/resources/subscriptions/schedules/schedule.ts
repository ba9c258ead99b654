import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import { afterIntervals } from '../../../core/periods.ts'
import type { Due } from '../../../core/table.ts'
import { MAIN_TIMELINE } from '../../../core/table.ts'
import type { Subscription, SubscriptionSchedule } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requirePrice } from '../../catalog/price.ts'
import { periodEnd, periodStart } from '../subscription.ts'
import { existingDiscounts, phaseDiscounts } from './phase-discounts.ts'
import type { PhaseParam } from './schedule-params.ts'

export type Phase = SubscriptionSchedule['phases'][number]

/** A schedule. Throws 404. */
export function requireSchedule(ctx: Context, id: string): SubscriptionSchedule {
  const schedule = ctx.store.get('subscription_schedules', id)
  if (schedule === undefined) throw noSuch('subscription schedule', id)
  return schedule
}

/** A schedule that is active or not started. Throws 400 for any other. */
export function requireOpenSchedule(ctx: Context, id: string): SubscriptionSchedule {
  const schedule = requireSchedule(ctx, id)
  if (schedule.status === 'active' || schedule.status === 'not_started') return schedule
  throw invalidRequest(
    `You cannot change a subscription schedule that is currently in the \`${schedule.status}\` status.`,
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

const PHASE_DEFAULTS = {
  add_invoice_items: [],
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
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

/** The current phase of a subscription without a schedule: its items until the end of its period. */
export function currentPhase(subscription: Subscription): Phase {
  return {
    ...PHASE_DEFAULTS,
    currency: subscription.currency,
    discounts: existingDiscounts(subscription.discounts),
    end_date: periodEnd(subscription),
    items: subscription.items.data.map((item) => ({
      billing_thresholds: null,
      discounts: existingDiscounts(item.discounts),
      metadata: item.metadata,
      plan: item.price.id,
      price: item.price.id,
      quantity: item.quantity,
      tax_rates: [],
    })),
    proration_behavior: 'create_prorations',
    start_date: periodStart(subscription),
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  }
}

/** Builds the phases of a schedule from parameters, one after the other from `start`. Throws 400. */
export function phasesOf(ctx: Context, params: readonly PhaseParam[], start: number): Phase[] {
  let next = start
  return params.map((param, index) => {
    const begins = typeof param.start_date === 'number' && index === 0 ? param.start_date : next
    const prices = param.items.map((item, at) => {
      const name = `phases[${index}][items][${at}][price]`
      return { item, price: requirePrice(ctx, item.price ?? item.plan ?? '', name) }
    })
    const end = phaseEnd(ctx, param, begins)
    if (end <= begins) {
      throw invalidRequest('The phase must end after it starts.', {
        param: `phases[${index}][end_date]`,
      })
    }
    next = end
    return {
      ...PHASE_DEFAULTS,
      currency: prices[0]?.price.currency ?? 'usd',
      discounts: phaseDiscounts(param.discounts),
      end_date: end,
      items: prices.map(({ item, price }) => ({
        billing_thresholds: null,
        discounts: phaseDiscounts(item.discounts),
        metadata: changeMetadata({}, item.metadata),
        plan: price.id,
        price: price.id,
        quantity: item.quantity ?? 1,
        tax_rates: [],
      })),
      metadata: param.metadata ?? {},
      proration_behavior: param.proration_behavior ?? 'create_prorations',
      start_date: begins,
      trial_end: param.trial_end ?? null,
    }
  })
}

function phaseEnd(ctx: Context, param: PhaseParam, start: number): number {
  if (typeof param.end_date === 'number') return param.end_date
  if (param.end_date === 'now') return ctx.now
  const { duration } = param
  if (duration !== undefined) {
    const recurrence = { interval: duration.interval, interval_count: duration.interval_count ?? 1 }
    return afterIntervals(start, recurrence, 1)
  }
  const [item] = param.items
  const recurring = item === undefined ? null : requirePrice(ctx, item.price ?? '').recurring
  return recurring === null ? start : afterIntervals(start, recurring, param.iterations ?? 1)
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
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
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
