import type { Context } from '../../core/context.ts'
import { invalidRequest, notFound } from '../../core/errors.ts'
import { longId } from '../../core/ids.ts'
import { afterIntervals } from '../../core/periods.ts'
import type { TestClock } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { paginationFields } from '../../http/params/list-params.ts'
import { required, textUpTo, timestamp, unsupported } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { isEnded } from '../subscriptions/subscription.ts'

const DAY = 86_400

export const testClockEndpoints = [
  endpoint(
    'POST /v1/test_helpers/test_clocks',
    shape({ customer: unsupported, frozen_time: required(timestamp), name: textUpTo(300) }),
    (ctx, { params }) => create(ctx, params.frozen_time, params.name ?? null),
  ),
  endpoint('GET /v1/test_helpers/test_clocks', shape(paginationFields), (ctx, { params }) =>
    listPage(ctx.store.newest('test_clocks'), params, '/v1/test_helpers/test_clocks'),
  ),
  endpoint('GET /v1/test_helpers/test_clocks/:id', shape({}), (ctx, { id }) =>
    requireClock(ctx, id),
  ),
  endpoint('DELETE /v1/test_helpers/test_clocks/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
  endpoint(
    'POST /v1/test_helpers/test_clocks/:id/advance',
    shape({ frozen_time: required(timestamp) }),
    (ctx, { id, params }) => advance(ctx, id, params.frozen_time),
  ),
]

function create(ctx: Context, frozenTime: number, name: string | null): TestClock {
  const clock = ctx.store.put('test_clocks', {
    id: longId('clock'),
    object: 'test_helpers.test_clock',
    created: ctx.now,
    deletes_after: ctx.now + 30 * DAY,
    frozen_time: frozenTime,
    livemode: false,
    name,
    status: 'ready',
    status_details: {},
  })
  ctx.emit('test_helpers.test_clock.created', clock)
  return clock
}

function requireClock(ctx: Context, id: string): TestClock {
  const clock = ctx.store.get('test_clocks', id)
  if (clock === undefined) throw notFound('billingclock', id, 'test_clock')
  return clock
}

/** Deletes a clock together with its customers and their subscriptions. */
function remove(ctx: Context, id: string): object {
  const clock = requireClock(ctx, id)
  for (const customer of ctx.store.newest('customers')) {
    if (customer.test_clock !== id) continue
    for (const subscription of ctx.store.find('subscriptions', {
      index: 'customer',
      key: customer.id,
    })) {
      ctx.store.remove('subscriptions', subscription.id)
    }
    ctx.store.remove('customers', customer.id)
  }
  ctx.store.remove('test_clocks', id)
  ctx.emit('test_helpers.test_clock.deleted', clock)
  return { id, object: 'test_helpers.test_clock', deleted: true }
}

/** Starts the advance of a clock; it is completed before the next request (docs/stripe.md, fact 15). */
function advance(ctx: Context, id: string, target: number): TestClock {
  const clock = requireClock(ctx, id)
  if (clock.status !== 'ready') {
    throw invalidRequest('Test clock is not ready to be advanced.', {
      code: 'test_clock_advancing',
    })
  }
  if (target <= clock.frozen_time) {
    throw invalidRequest(
      "Test clocks can't be advanced backwards: `frozen_time` must be after the current frozen time.",
      { param: 'frozen_time' },
    )
  }
  if (target > latestTarget(ctx, clock)) {
    throw invalidRequest(
      'You can only advance up to two intervals from the current frozen time, based on the shortest subscription interval in the test clock.',
      { param: 'frozen_time' },
    )
  }
  const advancing = ctx.patch('test_clocks', id, {
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: target } },
  })
  ctx.emit('test_helpers.test_clock.advancing', advancing)
  return advancing
}

/** The latest time a clock may be advanced to: two intervals of its shortest subscription (docs/stripe.md, fact 15), without any two years. */
function latestTarget(ctx: Context, clock: TestClock): number {
  const ends = ctx.store
    .newest('subscriptions')
    .filter((subscription) => subscription.test_clock === clock.id && !isEnded(subscription))
    .toArray()
    .flatMap((subscription) => subscription.items.data)
    .flatMap(({ price }) =>
      price.recurring === null ? [] : [afterIntervals(clock.frozen_time, price.recurring, 2)],
    )
  const twoYears = { interval: 'year', interval_count: 1 } as const
  return ends.length === 0 ? afterIntervals(clock.frozen_time, twoYears, 2) : Math.min(...ends)
}
