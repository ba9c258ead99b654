import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { SubscriptionSchedule } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { checkPhaseDiscounts, notePhasesWithoutDiscounts } from '../../discounts/of/phase.ts'
import { requireSubscription } from '../subscription.ts'
import { buildPhases } from './build-phases.ts'
import { changedDefaults } from './change-schedule.ts'
import { startSchedule } from './due.ts'
import { requireFewPhases } from './phase-rules.ts'
import { currentPhase, newSchedule, requireSchedule } from './schedule.ts'
import type { PhaseParam, ScheduleCreation } from './schedule-params.ts'

/** A new schedule. Its phases may be those of a preview, which name their start. */
type NewSchedule = Omit<ScheduleCreation, 'phases'> & { phases?: readonly PhaseParam[] }

/** Creates a schedule, and its subscription where the first phase begins now or earlier. Throws 400. */
export function createSchedule(ctx: Context, params: NewSchedule): SubscriptionSchedule {
  if (params.from_subscription !== undefined) {
    requireNothingElse(params)
    return createFromSubscription(ctx, params.from_subscription)
  }
  if (params.customer === undefined) throw missing('customer')
  const customer = requireCustomer(ctx, params.customer, 'customer')
  const now = ctx.timeOf(customer.test_clock)
  const start = typeof params.start_date === 'number' ? params.start_date : now
  if (params.phases === undefined || params.phases.length === 0) throw missing('phases')
  const place = { customer, start, now, knownPrices: new Set<string>() }
  const phases = buildPhases(ctx, params.phases, place)
  requireFewPhases(phases, now)
  requireEndAhead(phases[0]?.end_date ?? now, now)
  checkPhaseDiscounts(ctx, { customer: customer.id, subscription: null }, phases)
  const blank = newSchedule(ctx, customer.id, customer.test_clock ?? null)
  const schedule = ctx.store.put('subscription_schedules', {
    ...blank,
    default_settings: changedDefaults(ctx, blank, params.default_settings ?? {}),
    end_behavior: params.end_behavior ?? 'release',
    metadata: changeMetadata({}, params.metadata),
    phases,
  })
  notePhasesWithoutDiscounts(ctx, schedule.id, { phases, params: params.phases })
  ctx.emitWithFinalState('subscription_schedule.created', schedule)
  if (start <= now) startSchedule(ctx, schedule.id)
  return requireSchedule(ctx, schedule.id)
}

function missing(param: string) {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

function requireEndAhead(end: number, now: number): void {
  if (end > now) return
  throw invalidRequest('The first phase of a schedule must end in the future.', {
    param: 'phases[0][end_date]',
  })
}

function requireNothingElse(params: NewSchedule): void {
  const other = Object.keys(params).find((name) => name !== 'from_subscription')
  if (other === undefined) return
  throw invalidRequest(`You cannot set \`${other}\` if \`from_subscription\` is set.`)
}

function createFromSubscription(ctx: Context, id: string): SubscriptionSchedule {
  const subscription = requireSubscription(ctx, id, 'from_subscription')
  if (subscription.schedule !== null) {
    throw invalidRequest(
      `You cannot migrate a subscription that is already attached to a schedule: \`${subscription.schedule}\`.`,
      { param: 'from_subscription' },
    )
  }
  if (['canceled', 'incomplete', 'incomplete_expired'].includes(subscription.status)) {
    throw invalidRequest(
      `You cannot migrate a subscription that is currently in the \`${subscription.status}\` status.`,
      { param: 'from_subscription' },
    )
  }
  const phase = currentPhase(subscription)
  const schedule = ctx.store.put('subscription_schedules', {
    ...newSchedule(ctx, subscription.customer, subscription.test_clock),
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    phases: [phase],
    status: 'active',
    subscription: subscription.id,
  })
  ctx.emit('subscription_schedule.created', schedule)
  const after = ctx.patch('subscriptions', subscription.id, { schedule: schedule.id })
  ctx.emit('customer.subscription.updated', after, { schedule: null })
  return schedule
}
