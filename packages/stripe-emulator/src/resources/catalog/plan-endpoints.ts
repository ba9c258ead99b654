import type { Context } from '../../core/context.ts'
import { invalidRequest, StripeError } from '../../core/errors.ts'
import type { Price } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { currencyParam } from '../../http/params/currency.ts'
import { decimal } from '../../http/params/decimal.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  either,
  emptyable,
  integer,
  oneOf,
  required,
  text,
} from '../../http/params/param.ts'
import { changeMetadata, listOf, metadata, shape } from '../../http/params/shape.ts'
import { announcePrice, changePrice, createPrice, planOf } from './price.ts'
import { interval, tier, tiersMode, transform } from './pricing/price-params.ts'
import { requireProduct } from './product.ts'
import { newProductData } from './product-params.ts'

const createParams = shape({
  active: boolean,
  amount: integer({ min: 0 }),
  amount_decimal: decimal(),
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency: required(currencyParam),
  id: text,
  interval: required(interval),
  interval_count: integer({ min: 1 }),
  metadata,
  meter: text,
  nickname: text,
  product: required(either(text, newProductData)),
  tiers: listOf(tier),
  tiers_mode: tiersMode,
  transform_usage: transform,
  trial_period_days: integer({ min: 0, max: 730 }),
  usage_type: oneOf('licensed', 'metered'),
})

const updateParams = shape({
  active: boolean,
  metadata,
  nickname: emptyable(text),
  product: text,
  trial_period_days: integer({ min: 0, max: 730 }),
})

const listParams = shape({ ...listFields, active: boolean, product: text })

export const planEndpoints = [
  endpoint('POST /v1/plans', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/plans', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/plans/:id', shape({}), (ctx, { id }) => planOf(requirePlan(ctx, id))),
  endpoint('POST /v1/plans/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
  endpoint('DELETE /v1/plans/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

type CreateParams = ValueOf<typeof createParams>

function create(ctx: Context, params: CreateParams): object {
  checkCreate(ctx, params)
  const { id, amount, amount_decimal: decimalAmount, product, interval: every, ...fields } = params
  const {
    interval_count: count,
    trial_period_days: trial,
    transform_usage: transformed,
    usage_type: usage,
    meter,
    ...rest
  } = fields
  const price = createPrice(
    ctx,
    {
      ...rest,
      ...(typeof product === 'string' ? { product } : { product_data: product }),
      ...(amount === undefined ? {} : { unit_amount: amount }),
      ...(decimalAmount === undefined ? {} : { unit_amount_decimal: decimalAmount }),
      ...(transformed === undefined ? {} : { transform_quantity: transformed }),
      recurring: {
        interval: every,
        ...(count === undefined ? {} : { interval_count: count }),
        ...(trial === undefined ? {} : { trial_period_days: trial }),
        ...(meter === undefined ? {} : { meter }),
        ...(usage === undefined ? {} : { usage_type: usage }),
      },
    },
    { id },
  )
  return planOf(announcePrice(ctx, price))
}

/** What is refused under the names that plans have for the parameters of a price. Throws 400. */
function checkCreate(ctx: Context, params: CreateParams): void {
  const { id, amount, amount_decimal: decimalAmount } = params
  if (id !== undefined && ctx.store.get('prices', id) !== undefined) {
    throw invalidRequest('Plan already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  if (amount !== undefined && decimalAmount !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: amount, amount_decimal.', {
      param: 'amount',
    })
  }
  if (params.billing_scheme !== 'tiered' && amount === undefined && decimalAmount === undefined) {
    throw invalidRequest('Plans require an `amount` parameter to be set.', { param: 'amount' })
  }
  if (params.tiers !== undefined && params.transform_usage !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: tiers, transform_usage.', {
      param: 'tiers',
    })
  }
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const plans = ctx.store
    .newest('prices')
    .filter(
      (price) =>
        price.recurring !== null &&
        ctx.store.get('price_options', price.id)?.isInline !== true &&
        (params.active === undefined || price.active === params.active) &&
        (params.product === undefined || price.product === params.product) &&
        inRange(price.created, params.created),
    )
    .map(planOf)
  return listPage(plans, params, '/v1/plans')
}

/** The recurring price with the id of a plan; the error calls it `plan`. Throws 404. */
function requirePlan(ctx: Context, id: string): Price & { recurring: object } {
  const price = ctx.store.get('prices', id)
  if (price !== undefined && price.recurring !== null) {
    return { ...price, recurring: price.recurring }
  }
  throw new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such plan: '${id}'`,
    param: 'plan',
  })
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requirePlan(ctx, id)
  const { metadata: change, trial_period_days: trial, ...fields } = params
  if (params.product !== undefined) checkMove(ctx, before, params.product)
  const after = changePrice(ctx, before, {
    ...fields,
    metadata: changeMetadata(before.metadata, change),
    ...(trial === undefined
      ? {}
      : { recurring: { ...before.recurring, trial_period_days: trial } }),
  })
  return planOf(after)
}

/** A plan keeps its product once a subscription has used it (JSDoc of the `stripe` package). Throws 400. */
function checkMove(ctx: Context, price: Price, product: string): void {
  requireProduct(ctx, product, 'product')
  const isUsed = ctx.store
    .newest('subscriptions')
    .some(({ items }) => items.data.some((item) => item.price.id === price.id))
  if (!isUsed || product === price.product) return
  throw invalidRequest(
    'The product of a plan cannot be changed once the plan has been used in a subscription.',
    { param: 'product' },
  )
}

/** New subscriptions to a deleted plan are impossible; existing ones continue. */
function remove(ctx: Context, id: string): object {
  const price = requirePlan(ctx, id)
  ctx.store.remove('prices', id)
  ctx.emit('plan.deleted', planOf(price))
  ctx.emit('price.deleted', price)
  return { id, object: 'plan', deleted: true }
}
