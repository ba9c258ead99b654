import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { cancelNow } from '../change/cancel-now.ts'
import { isEnded } from '../subscription.ts'
import { updateSchedule } from './change-schedule.ts'
import { createSchedule } from './new-schedule.ts'
import { releaseSchedule } from './phases.ts'
import { requireOpenSchedule, requireSchedule } from './schedule.ts'
import {
  cancelScheduleParams,
  createScheduleParams,
  listSchedulesParams,
  releaseScheduleParams,
  updateScheduleParams,
} from './schedule-params.ts'

export const scheduleEndpoints = [
  endpoint('POST /v1/subscription_schedules', createScheduleParams, (ctx, { params }) =>
    createSchedule(ctx, params),
  ),
  endpoint('GET /v1/subscription_schedules', listSchedulesParams, (ctx, { params }) =>
    list(ctx, params),
  ),
  endpoint('GET /v1/subscription_schedules/:id', shape({}), (ctx, { id }) =>
    requireSchedule(ctx, id),
  ),
  endpoint('POST /v1/subscription_schedules/:id', updateScheduleParams, (ctx, { id, params }) =>
    updateSchedule(ctx, id, params),
  ),
  endpoint(
    'POST /v1/subscription_schedules/:id/cancel',
    cancelScheduleParams,
    (ctx, { id, params }) => cancel(ctx, id, params),
  ),
  endpoint(
    'POST /v1/subscription_schedules/:id/release',
    releaseScheduleParams,
    (ctx, { id, params }) => release(ctx, id, params.preserve_cancel_date === true),
  ),
]

type ListParams = ValueOf<typeof listSchedulesParams>

const TIMES = ['completed_at', 'released_at', 'canceled_at'] as const

/** Lists schedules, newest first; those of a test clock only for their customer (JSDoc of `customer`). */
function list(ctx: Context, params: ListParams): object {
  const conflict = TIMES.find((name) => params[name] !== undefined)
  if (params.scheduled !== undefined && conflict !== undefined) {
    throw invalidRequest(`You may only specify one of these parameters: ${conflict}, scheduled.`, {
      code: 'parameters_exclusive',
      param: conflict,
    })
  }
  const { customer } = params
  const found = ctx.store
    .newest('subscription_schedules')
    .filter(
      (doc) =>
        (customer === undefined ? doc.test_clock === null : doc.customer === customer) &&
        (params.scheduled === undefined || (doc.status === 'not_started') === params.scheduled) &&
        TIMES.every((name) => params[name] === undefined || happened(doc[name], params[name])) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/subscription_schedules')
}

function happened(instant: number | null, wanted: ListParams['created']): boolean {
  return instant !== null && inRange(instant, wanted)
}

/** Cancels a schedule with its subscription, which is credited and invoiced unless the request says otherwise. */
function cancel(ctx: Context, id: string, params: ValueOf<typeof cancelScheduleParams>): object {
  const before = requireOpenSchedule(ctx, id, 'cancel')
  const how = { prorate: params.prorate !== false, invoiceNow: params.invoice_now !== false }
  const subscription = ctx.store.get('subscriptions', before.subscription ?? '')
  const after = ctx.patch('subscription_schedules', id, {
    canceled_at: ctx.timeOf(before.test_clock),
    current_phase: null,
    status: 'canceled',
  })
  ctx.emit('subscription_schedule.canceled', after)
  if (subscription === undefined || isEnded(subscription)) return after
  cancelNow(ctx, subscription, how)
  return after
}

/** Releases a schedule. The end that it would have set on its subscription stays only where the request says so. */
function release(ctx: Context, id: string, keepsEnd: boolean): object {
  const before = requireOpenSchedule(ctx, id, 'release')
  const end = before.phases.at(-1)?.end_date
  if (keepsEnd && before.end_behavior === 'cancel' && before.subscription !== null) {
    ctx.patch('subscriptions', before.subscription, { cancel_at: end ?? null })
  }
  return releaseSchedule(ctx, before)
}
