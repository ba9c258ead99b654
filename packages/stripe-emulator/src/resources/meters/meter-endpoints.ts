import type { Context } from '../../core/context.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { paginationFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { oneOf, required, textUpTo } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { changesBetween } from '../events/changes.ts'
import { createMeter, deactivateMeter, reactivateMeter, requireMeter } from './meter.ts'
import { listSummaries, summaryParams } from './summaries.ts'

/** The limits of Stripe's specification of its API. */
const displayName = textUpTo(250)
const key = textUpTo(100)

const DEFAULT_MAPPING = { event_payload_key: 'stripe_customer_id', type: 'by_id' } as const

const createParams = shape({
  customer_mapping: shape({ event_payload_key: required(key), type: required(oneOf('by_id')) }),
  default_aggregation: required(shape({ formula: required(oneOf('count', 'last', 'sum')) })),
  display_name: required(displayName),
  event_name: required(key),
  event_time_window: oneOf('day', 'hour'),
  value_settings: shape({ event_payload_key: required(key) }),
})

const listParams = shape({ ...paginationFields, status: oneOf('active', 'inactive') })

export const meterEndpoints = [
  endpoint('POST /v1/billing/meters', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/billing/meters', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/billing/meters/:id', shape({}), (ctx, { id }) => requireMeter(ctx, id)),
  endpoint(
    'POST /v1/billing/meters/:id',
    shape({ display_name: displayName }),
    (ctx, { id, params }) => update(ctx, id, params.display_name),
  ),
  endpoint('POST /v1/billing/meters/:id/deactivate', shape({}), (ctx, { id }) =>
    deactivateMeter(ctx, id),
  ),
  endpoint('POST /v1/billing/meters/:id/reactivate', shape({}), (ctx, { id }) =>
    reactivateMeter(ctx, id),
  ),
  endpoint('GET /v1/billing/meters/:id/event_summaries', summaryParams, (ctx, { id, params }) =>
    listSummaries(ctx, requireMeter(ctx, id), params),
  ),
]

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  return createMeter(ctx, {
    displayName: params.display_name,
    eventName: params.event_name,
    formula: params.default_aggregation.formula,
    window: params.event_time_window ?? null,
    customerMapping: params.customer_mapping ?? DEFAULT_MAPPING,
    valueKey: params.value_settings?.event_payload_key ?? 'value',
  })
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const meters = ctx.store
    .newest('meters')
    .filter((meter) => params.status === undefined || meter.status === params.status)
  return listPage(meters, params, '/v1/billing/meters')
}

/** Only the display name of a meter can change. */
function update(ctx: Context, id: string, displayName: string | undefined): object {
  const before = requireMeter(ctx, id)
  if (displayName === undefined || displayName === before.display_name) return before
  const after = ctx.patch('meters', id, { display_name: displayName, updated: ctx.now })
  ctx.emit('billing.meter.updated', after, changesBetween(before, after))
  return after
}
