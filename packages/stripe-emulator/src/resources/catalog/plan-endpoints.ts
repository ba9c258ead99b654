import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import type { Price } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  either,
  ignored,
  integer,
  oneOf,
  required,
  text,
  unsupported,
} from '../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../http/params/shape.ts'
import { changePrice, createPrice, planOf } from './price.ts'

const createParams = shape({
  active: boolean,
  amount: integer({ min: 0 }),
  amount_decimal: text,
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency: required(text),
  id: text,
  interval: required(oneOf('day', 'week', 'month', 'year')),
  interval_count: integer({ min: 1 }),
  metadata,
  meter: text,
  nickname: text,
  product: required(
    either(
      shape({
        active: boolean,
        id: text,
        metadata,
        name: required(text),
        statement_descriptor: text,
        tax_code: ignored,
        tax_details: unsupported,
        unit_label: text,
      }),
      text,
    ),
  ),
  tiers: unsupported,
  tiers_mode: unsupported,
  transform_usage: unsupported,
  trial_period_days: integer({ min: 0 }),
  usage_type: oneOf('licensed', 'metered'),
})

const updateParams = shape({
  active: boolean,
  metadata,
  nickname: text,
  product: unsupported,
  trial_period_days: integer({ min: 0 }),
})

const listParams = shape({ ...listFields, active: boolean, product: text })

export const planEndpoints = [
  endpoint('POST /v1/plans', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/plans', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/plans/:id', shape({}), (ctx, { id }) => planOf(requirePlan(ctx, id))),
  endpoint('POST /v1/plans/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
  endpoint('DELETE /v1/plans/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const { id, amount, amount_decimal: decimal, product, interval, ...fields } = params
  const {
    interval_count: count,
    trial_period_days: trial,
    usage_type: usage,
    meter,
    ...rest
  } = fields
  if (id !== undefined && ctx.store.get('prices', id) !== undefined) {
    throw invalidRequest('Plan already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  const price = createPrice(
    ctx,
    {
      ...rest,
      ...(typeof product === 'string' ? { product } : { product_data: product }),
      ...(decimal === undefined ? { unit_amount: amount ?? 0 } : { unit_amount_decimal: decimal }),
      recurring: {
        interval,
        ...(count === undefined ? {} : { interval_count: count }),
        ...(trial === undefined ? {} : { trial_period_days: trial }),
        ...(meter === undefined ? {} : { meter }),
        ...(usage === undefined ? {} : { usage_type: usage }),
      },
    },
    id,
  )
  return planOf(price)
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const plans = ctx.store
    .newest('prices')
    .filter(
      (price) =>
        price.recurring !== null &&
        (params.active === undefined || price.active === params.active) &&
        (params.product === undefined || price.product === params.product) &&
        inRange(price.created, params.created),
    )
    .map(planOf)
  return listPage(plans, params, '/v1/plans')
}

/** The recurring price with the id of a plan. Throws 404. */
function requirePlan(ctx: Context, id: string): Price & { recurring: object } {
  const price = ctx.store.get('prices', id)
  if (price === undefined || price.recurring === null) throw noSuch('plan', id)
  return { ...price, recurring: price.recurring }
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requirePlan(ctx, id)
  const { metadata: change, trial_period_days: trial, ...fields } = params
  const after = changePrice(ctx, before, {
    ...fields,
    metadata: changeMetadata(before.metadata, change),
    ...(trial === undefined
      ? {}
      : { recurring: { ...before.recurring, trial_period_days: trial } }),
  })
  return planOf(after)
}

/** New subscriptions to a deleted plan are impossible; existing ones continue. */
function remove(ctx: Context, id: string): object {
  const price = requirePlan(ctx, id)
  ctx.store.remove('prices', id)
  ctx.emit('plan.deleted', planOf(price))
  ctx.emit('price.deleted', price)
  return { id, object: 'plan', deleted: true }
}
