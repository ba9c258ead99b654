import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { SubscriptionSchedule } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { changeMetadata, shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { changesBetween } from '../../events/changes.ts'
import { cancelSubscription } from '../cancel.ts'
import { isEnded, requireSubscription } from '../subscription.ts'
import { startSchedule } from './due.ts'
import {
  checkPhaseDiscounts,
  discountsOf,
  enterPhaseDiscounts,
  notePhasesWithoutDiscounts,
} from './phase-discounts.ts'
import { changeSchedule, releaseSchedule } from './phases.ts'
import type { Phase } from './schedule.ts'
import {
  currentPhase,
  newSchedule,
  phasesOf,
  requireOpenSchedule,
  requireSchedule,
} from './schedule.ts'
import {
  cancelScheduleParams,
  createScheduleParams,
  listSchedulesParams,
  releaseScheduleParams,
  updateScheduleParams,
} from './schedule-params.ts'

export const scheduleEndpoints = [
  endpoint('POST /v1/subscription_schedules', createScheduleParams, (ctx, { params }) =>
    create(ctx, params),
  ),
  endpoint('GET /v1/subscription_schedules', listSchedulesParams, (ctx, { params }) =>
    list(ctx, params),
  ),
  endpoint('GET /v1/subscription_schedules/:id', shape({}), (ctx, { id }) =>
    requireSchedule(ctx, id),
  ),
  endpoint('POST /v1/subscription_schedules/:id', updateScheduleParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('POST /v1/subscription_schedules/:id/cancel', cancelScheduleParams, (ctx, { id }) =>
    cancel(ctx, id),
  ),
  endpoint('POST /v1/subscription_schedules/:id/release', releaseScheduleParams, (ctx, { id }) =>
    releaseSchedule(ctx, requireOpenSchedule(ctx, id)),
  ),
]

type CreateParams = ValueOf<typeof createScheduleParams>

function create(ctx: Context, params: CreateParams): object {
  if (params.from_subscription !== undefined) {
    return createFromSubscription(ctx, params.from_subscription, params)
  }
  const customer = requireCustomer(ctx, params.customer ?? '', 'customer')
  const now = ctx.timeOf(customer.test_clock)
  const start = typeof params.start_date === 'number' ? params.start_date : now
  const phases = phasesOf(ctx, params.phases ?? [], start)
  if (phases.length === 0) {
    throw invalidRequest('Missing required param: phases.', {
      code: 'parameter_missing',
      param: 'phases',
    })
  }
  checkPhaseDiscounts(ctx, { customer: customer.id, subscription: null }, phases)
  const schedule = ctx.store.put('subscription_schedules', {
    ...newSchedule(ctx, customer.id, customer.test_clock ?? null),
    end_behavior: params.end_behavior ?? 'release',
    metadata: changeMetadata({}, params.metadata),
    phases,
  })
  noteDiscounts(ctx, schedule, params.phases)
  ctx.emitWithFinalState('subscription_schedule.created', schedule)
  if (start <= now) startSchedule(ctx, schedule.id)
  return requireSchedule(ctx, schedule.id)
}

function createFromSubscription(ctx: Context, id: string, params: CreateParams): object {
  const subscription = requireSubscription(ctx, id, 'from_subscription')
  if (isEnded(subscription)) {
    throw invalidRequest('You cannot create a schedule from a subscription that is canceled.', {
      param: 'from_subscription',
    })
  }
  if (subscription.schedule !== null) {
    throw invalidRequest(
      'You cannot migrate a subscription that is already attached to a schedule.',
      { param: 'from_subscription' },
    )
  }
  const phase = currentPhase(subscription)
  const schedule = ctx.store.put('subscription_schedules', {
    ...newSchedule(ctx, subscription.customer, subscription.test_clock),
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    metadata: changeMetadata({}, params.metadata),
    phases: [phase],
    status: 'active',
    subscription: subscription.id,
  })
  ctx.emit('subscription_schedule.created', schedule)
  const after = ctx.patch('subscriptions', subscription.id, { schedule: schedule.id })
  ctx.emit('customer.subscription.updated', after, { schedule: null })
  return schedule
}

function list(ctx: Context, params: ValueOf<typeof listSchedulesParams>): object {
  const found = ctx.store
    .newest('subscription_schedules')
    .filter(
      (doc) =>
        (params.customer === undefined || doc.customer === params.customer) &&
        (params.scheduled === undefined || (doc.status === 'not_started') === params.scheduled) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/subscription_schedules')
}

/** Updates a schedule. New phases replace the old ones and must include the current phase, else 400. */
function update(ctx: Context, id: string, params: ValueOf<typeof updateScheduleParams>): object {
  const before = requireOpenSchedule(ctx, id)
  const start = before.current_phase?.start_date ?? before.phases[0]?.start_date ?? ctx.now
  const phases = params.phases === undefined ? before.phases : phasesOf(ctx, params.phases, start)
  const now = ctx.timeOf(before.test_clock)
  const current = phases.find((phase) => phase.start_date <= now && now < phase.end_date)
  if (before.status === 'active' && current === undefined) {
    throw invalidRequest('The current phase must be one of the phases.', { param: 'phases' })
  }
  requireSameTrial(ctx, before.subscription, current)
  if (params.phases !== undefined) {
    checkPhaseDiscounts(ctx, before, phases)
    noteDiscounts(ctx, { ...before, phases }, params.phases)
    discountNow(ctx, before, current)
  }
  return changeSchedule(ctx, before, {
    current_phase:
      current === undefined || before.status !== 'active'
        ? before.current_phase
        : { start_date: current.start_date, end_date: current.end_date },
    end_behavior: params.end_behavior ?? before.end_behavior,
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
    phases,
  })
}

function noteDiscounts(
  ctx: Context,
  { id, phases }: SubscriptionSchedule,
  params: CreateParams['phases'],
): void {
  const noted = phases.map((phase, index) => ({
    startsAt: phase.start_date,
    discounts: params?.[index]?.discounts,
  }))
  notePhasesWithoutDiscounts(ctx, id, noted)
}

/** Gives the subscription of an active schedule the discounts that its current phase has now. */
function discountNow(ctx: Context, schedule: SubscriptionSchedule, phase: Phase | undefined): void {
  const before = ctx.store.get('subscriptions', schedule.subscription ?? '')
  if (schedule.status !== 'active' || before === undefined || phase === undefined) return
  const old = schedule.phases.find(({ start_date }) => start_date === phase.start_date)
  if (old !== undefined && isDeepStrictEqual(discountsOf(old), discountsOf(phase))) return
  const after = enterPhaseDiscounts(ctx, before, phase)
  const previous = changesBetween(before, after)
  if (Object.keys(previous).length > 0) ctx.emit('customer.subscription.updated', after, previous)
}

/** On Stripe a trial ends when the current phase does not name its end; that is not emulated, so it throws 400. */
function requireSameTrial(ctx: Context, id: string | null, current: Phase | undefined): void {
  const subscription = ctx.store.get('subscriptions', id ?? '')
  const trialEnd = subscription?.status === 'trialing' ? subscription.trial_end : null
  if (current === undefined || current.trial_end === trialEnd) return
  throw invalidRequest('stripe-emulator: a schedule that changes a trial is not emulated.', {
    param: 'phases[0][trial_end]',
  })
}

function cancel(ctx: Context, id: string): object {
  const before = requireOpenSchedule(ctx, id)
  const subscription = ctx.store.get('subscriptions', before.subscription ?? '')
  const after = ctx.patch('subscription_schedules', id, {
    canceled_at: ctx.timeOf(before.test_clock),
    current_phase: null,
    status: 'canceled',
  })
  ctx.emit('subscription_schedule.canceled', after)
  if (subscription !== undefined && !isEnded(subscription)) cancelSubscription(ctx, subscription)
  return after
}
