import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import { longId } from '../../core/ids.ts'
import type { Plan, Price } from '../../documents.ts'
import { changeMetadata } from '../../http/params/shape.ts'
import { changesBetween } from '../events/changes.ts'
import { checkMeter } from '../meters/metered-price.ts'
import type { PriceParams } from './pricing/price-params.ts'
import type { NameOf } from './pricing/pricing.ts'
import { pricingOf } from './pricing/pricing.ts'
import { createProduct, requireProduct } from './product.ts'

/** A price. Throws 404, or 400 where `param` names it. */
export function requirePrice(ctx: Context, id: string, param?: string): Price {
  const price = ctx.store.get('prices', id)
  if (price === undefined) throw noSuch('price', id, param)
  return price
}

/** A price that can be sold: it and its product are active. Throws 400 that names `param`. */
export function requireSellablePrice(ctx: Context, id: string, param: string): Price {
  const price = requirePrice(ctx, id, param)
  if (!price.active) {
    throw invalidRequest(
      'The price specified is inactive. This field only accepts active prices.',
      { param },
    )
  }
  if (ctx.store.get('products', price.product)?.active === false) {
    throw invalidRequest(
      `Price \`${id}\` is not available to be purchased because its product is not active.`,
      { param },
    )
  }
  return price
}

/** Makes a lookup key free for a price; `transfer` takes it from the price that has it. Throws 400 otherwise. */
export function claimLookupKey(ctx: Context, key: string | null, transfer: boolean): void {
  if (key === null) return
  const [holder] = ctx.store.find('prices', { index: 'lookup_key', key })
  if (holder === undefined) return
  if (!transfer) {
    throw invalidRequest(`A price (\`${holder.id}\`) already uses that lookup key.`, {
      param: 'lookup_key',
    })
  }
  changePrice(ctx, holder, { lookup_key: null })
}

/** How a price is made, beside its parameters. */
export interface NewPrice {
  /** Set for legacy plans only. */
  id?: string | undefined
  /** The parameter that the parameters are in; none: they are those of the request. */
  within?: string
  /** Whether it belongs to what is bought, not to the catalogue. */
  isInline?: true
}

/** Creates a price, and the product of `product_data`. Throws 400 for impossible parameters. */
export function createPrice(ctx: Context, params: PriceParams, how: NewPrice = {}): Price {
  const { within } = how
  const nameOf: NameOf = (name) => (within === undefined ? name : nested(within, name))
  checkRecurring(params, nameOf)
  checkMeter(ctx, params.recurring)
  const { fields, tiers, currencies } = pricingOf(params, nameOf)
  const product = productOf(ctx, params, nameOf)
  claimLookupKey(ctx, params.lookup_key ?? null, params.transfer_lookup_key === true)
  const price = ctx.store.put('prices', {
    ...fields,
    id: how.id ?? longId('price'),
    object: 'price',
    active: params.active ?? true,
    created: ctx.now,
    currency: params.currency,
    livemode: false,
    lookup_key: params.lookup_key ?? null,
    metadata: changeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product,
    recurring: recurringOf(params.recurring),
    tax_behavior: params.tax_behavior ?? 'unspecified',
    type: params.recurring === undefined ? 'one_time' : 'recurring',
  })
  if (tiers !== null || Object.keys(currencies).length > 0 || how.isInline) {
    const inline = how.isInline ? { isInline: true as const } : {}
    ctx.store.put('price_options', { id: price.id, tiers, currencies, ...inline })
  }
  return price
}

/** Sends the events of a new price: for a recurring one first under its legacy name (seen with `stripe listen`). */
export function announcePrice(ctx: Context, price: Price): Price {
  if (price.recurring !== null) ctx.emit('plan.created', planOf(price))
  ctx.emit('price.created', price)
  return price
}

function nested(parent: string, name: string): string {
  const [first = '', ...rest] = name.split('[')
  return [`${parent}[${first}]`, ...rest].join('[')
}

/** The longest intervals: three years (types of the `stripe` package). */
const LONGEST = {
  day: { count: 1095, name: 'daily' },
  week: { count: 156, name: 'weekly' },
  month: { count: 36, name: 'monthly' },
  year: { count: 3, name: 'yearly' },
}

function checkRecurring({ recurring, custom_unit_amount: custom }: PriceParams, nameOf: NameOf) {
  if (recurring === undefined) return
  const { count, name } = LONGEST[recurring.interval]
  if ((recurring.interval_count ?? 1) > count) {
    throw invalidRequest(`The interval_count for ${name} prices can't be greater than ${count}`, {
      param: nameOf('recurring[interval_count]'),
    })
  }
  if (custom === undefined) return
  throw invalidRequest('`custom_unit_amount` can only be set on prices with `type=one_time`.', {
    param: nameOf('custom_unit_amount'),
  })
}

function recurringOf(recurring: PriceParams['recurring']): Price['recurring'] {
  if (recurring === undefined) return null
  return {
    interval: recurring.interval,
    interval_count: recurring.interval_count ?? 1,
    meter: recurring.meter ?? null,
    trial_period_days: recurring.trial_period_days ?? null,
    usage_type: recurring.usage_type ?? 'licensed',
  }
}

function productOf(ctx: Context, params: PriceParams, nameOf: NameOf): string {
  const { product, product_data: data } = params
  if (product !== undefined && data !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: product, product_data.', {
      param: nameOf('product'),
    })
  }
  if (product !== undefined) return requireProduct(ctx, product, nameOf('product')).id
  if (data !== undefined) return createProduct(ctx, data, nameOf('product_data')).id
  throw invalidRequest('You must specify either `product` or `product_data` when creating a price.')
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
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: recurring.trial_period_days,
    usage_type: recurring.usage_type,
  }
}
