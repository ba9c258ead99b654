import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch, notEmulated } from '../../core/errors.ts'
import { longId } from '../../core/ids.ts'
import type { Plan, Price } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  ignored,
  integer,
  oneOf,
  required,
  text,
  unsupported,
} from '../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../http/params/shape.ts'
import { changesBetween } from '../events/changes.ts'
import { checkMeter } from '../meters/metered-price.ts'
import { newProduct, requireProduct } from './product.ts'

const interval = oneOf('day', 'week', 'month', 'year')

export const createPriceParams = shape({
  active: boolean,
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency: required(text),
  currency_options: unsupported,
  custom_unit_amount: unsupported,
  lookup_key: text,
  metadata,
  nickname: text,
  product: text,
  product_data: shape({
    id: text,
    active: boolean,
    name: required(text),
    metadata,
    unit_label: text,
    statement_descriptor: text,
    tax_code: ignored,
    tax_details: ignored,
  }),
  recurring: shape({
    interval: required(interval),
    interval_count: integer({ min: 1, max: 156 }),
    meter: text,
    trial_period_days: integer({ min: 0 }),
    usage_type: oneOf('licensed', 'metered'),
  }),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tiers: unsupported,
  tiers_mode: unsupported,
  transfer_lookup_key: boolean,
  transform_quantity: unsupported,
  unit_amount: integer({ min: 0, max: 99_999_999 }),
  unit_amount_decimal: text,
})

/** A price. Throws 404, or 400 where `param` names it. */
export function requirePrice(ctx: Context, id: string, param?: string): Price {
  const price = ctx.store.get('prices', id)
  if (price === undefined) throw noSuch('price', id, param)
  return price
}

/** Makes a lookup key free for a price; `transfer` takes it from the price that has it. Throws 400 otherwise. */
export function claimLookupKey(ctx: Context, key: string | null, transfer: boolean): void {
  if (key === null) return
  const [holder] = ctx.store.find('prices', { index: 'lookup_key', key })
  if (holder === undefined) return
  if (!transfer) {
    throw invalidRequest(
      `A price (\`${holder.id}\`) already uses that lookup key. You can transfer the lookup key by passing transfer_lookup_key=true.`,
      { code: 'resource_already_exists', param: 'lookup_key' },
    )
  }
  changePrice(ctx, holder, { lookup_key: null })
}

/** Creates a price: per unit, one-time or recurring. `id` is set for legacy plans only. */
export function createPrice(
  ctx: Context,
  params: ValueOf<typeof createPriceParams>,
  id = longId('price'),
): Price {
  if (params.billing_scheme === 'tiered') throw notEmulated('a tiered price', 'billing_scheme')
  checkMeter(ctx, params.recurring)
  const amount = amountOf(params)
  const product = productOf(ctx, params)
  claimLookupKey(ctx, params.lookup_key ?? null, params.transfer_lookup_key === true)
  const { recurring } = params
  const price = ctx.store.put('prices', {
    id,
    object: 'price',
    active: params.active ?? true,
    billing_scheme: 'per_unit',
    created: ctx.now,
    currency: params.currency.toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: params.lookup_key ?? null,
    metadata: changeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product,
    recurring:
      recurring === undefined
        ? null
        : {
            interval: recurring.interval,
            interval_count: recurring.interval_count ?? 1,
            meter: recurring.meter ?? null,
            trial_period_days: recurring.trial_period_days ?? null,
            usage_type: recurring.usage_type ?? 'licensed',
          },
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring === undefined ? 'one_time' : 'recurring',
    unit_amount: amount,
    unit_amount_decimal: String(amount),
  })
  // Stripe sends two events for a recurring price, first under its legacy name (seen with `stripe listen`).
  if (recurring !== undefined) ctx.emit('plan.created', planOf(price))
  ctx.emit('price.created', price)
  return price
}

function amountOf(params: ValueOf<typeof createPriceParams>): number {
  if (params.unit_amount !== undefined) return params.unit_amount
  const decimal = Number(params.unit_amount_decimal ?? Number.NaN)
  if (Number.isSafeInteger(decimal) && decimal >= 0) return decimal
  if (params.unit_amount_decimal !== undefined) {
    throw notEmulated('a price of a fraction of a cent', 'unit_amount_decimal')
  }
  throw invalidRequest(
    'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.',
    { code: 'parameter_missing', param: 'unit_amount' },
  )
}

function productOf(ctx: Context, params: ValueOf<typeof createPriceParams>): string {
  if (params.product !== undefined) return requireProduct(ctx, params.product, 'product').id
  if (params.product_data === undefined) {
    throw invalidRequest(
      'You must specify either `product` or `product_data` when creating a price.',
      {
        code: 'parameter_missing',
        param: 'product',
      },
    )
  }
  const {
    id: _id,
    metadata: data,
    tax_code: _code,
    tax_details: _details,
    ...fields
  } = params.product_data
  const product = ctx.store.put('products', {
    ...newProduct(ctx, params.product_data),
    ...fields,
    metadata: changeMetadata({}, data),
  })
  ctx.emit('product.created', product)
  return product.id
}

/** Changes a price; sends `price.updated`, and `plan.updated` for a recurring one. */
export function changePrice(ctx: Context, before: Price, changes: Partial<Price>): Price {
  const after = ctx.patch('prices', before.id, changes)
  if (after.recurring !== null) {
    ctx.emit('plan.updated', planOf(after), changesBetween(planOf(before), planOf(after)))
  }
  ctx.emit('price.updated', after, changesBetween(before, after))
  return after
}

/** A recurring price as the legacy plan object, which subscription items still carry. */
export function planOf(price: Price): Plan {
  const { recurring } = price
  if (recurring === null) throw new Error(`${price.id} is not a recurring price`)
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: recurring.meter,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: recurring.trial_period_days,
    usage_type: recurring.usage_type,
  }
}
