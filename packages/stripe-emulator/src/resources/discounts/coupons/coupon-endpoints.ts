import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { token } from '../../../core/ids.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { changeMetadata, shape } from '../../../http/params/shape.ts'
import { requireProduct } from '../../catalog/product.ts'
import { changesBetween } from '../../events/changes.ts'
import { checkFuture, currentCoupon, requireCoupon, termsOf } from './coupon.ts'
import { amountsOf, createCouponParams, updateCouponParams } from './coupon-params.ts'

const listParams = shape(listFields)

export const couponEndpoints = [
  endpoint('POST /v1/coupons', createCouponParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/coupons', listParams, (ctx, { params }) => {
    const docs = ctx.store
      .newest('coupons')
      .filter((coupon) => inRange(coupon.created, params.created))
    const page = listPage(docs, params, '/v1/coupons')
    return { ...page, data: page.data.map((coupon) => currentCoupon(ctx, coupon)) }
  }),
  endpoint('GET /v1/coupons/:id', shape({}), (ctx, { id }) =>
    currentCoupon(ctx, requireCoupon(ctx, id)),
  ),
  endpoint('POST /v1/coupons/:id', updateCouponParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('DELETE /v1/coupons/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

type CreateParams = ValueOf<typeof createCouponParams>

function create(ctx: Context, params: CreateParams): object {
  const percentage = params.percent_off
  const amounts = amountsOf(params.currency_options, percentage !== undefined)
  checkCreate(ctx, params)
  const products = params.applies_to?.products ?? null
  for (const [index, product] of (products ?? []).entries()) {
    requireProduct(ctx, product, `applies_to[products][${index}]`)
  }
  const id = params.id ?? token(8)
  if (ctx.store.get('coupons', id) !== undefined) {
    throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists' })
  }
  ctx.store.remove('deleted_coupons', id)
  ctx.store.put('discount_terms', { id, products, amounts })
  const coupon = ctx.store.put('coupons', {
    id,
    object: 'coupon',
    amount_off: params.amount_off ?? null,
    created: ctx.now,
    currency: params.amount_off === undefined ? null : (params.currency ?? null),
    duration: params.duration ?? 'once',
    duration_in_months: params.duration_in_months ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: changeMetadata({}, params.metadata),
    name: params.name ?? null,
    percent_off: percentage ?? null,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  })
  ctx.emit('coupon.created', coupon)
  return coupon
}

function checkCreate(ctx: Context, params: CreateParams): void {
  const { amount_off: amount, percent_off: percentage, currency, duration } = params
  if (amount === undefined && percentage === undefined) {
    throw invalidRequest('Must provide percent_off or amount_off.', { code: 'parameter_missing' })
  }
  if (amount !== undefined && percentage !== undefined) {
    throw invalidRequest(
      'Received both percent_off and amount_off parameters. Please pass in only one.',
    )
  }
  if (amount !== undefined && currency === undefined) {
    throw invalidRequest('You must pass currency when passing amount_off', { param: 'currency' })
  }
  const months = params.duration_in_months
  if (duration === 'repeating' && months === undefined) {
    throw invalidRequest(
      'The duration_in_months param must be set when creating a coupon with a repeating duration',
      { param: 'duration' },
    )
  }
  if (duration !== 'repeating' && months !== undefined) {
    throw invalidRequest(
      'The duration_in_months param can only be set when creating a coupon with a repeating duration',
      { param: 'duration_in_months' },
    )
  }
  checkFuture(ctx, params.redeem_by, 'redeem_by')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateCouponParams>): object {
  const before = requireCoupon(ctx, id)
  const terms = termsOf(ctx, id)
  const amounts = amountsOf(params.currency_options, before.percent_off !== null)
  ctx.store.put('discount_terms', { ...terms, amounts: { ...terms.amounts, ...amounts } })
  const after = ctx.patch('coupons', id, {
    name: params.name ?? before.name,
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
  const shown = currentCoupon(ctx, after)
  ctx.emit('coupon.updated', shown, changesBetween(before, after))
  return shown
}

/** Deletes a coupon: it cannot be redeemed any more, and the discounts that it gave stay. */
function remove(ctx: Context, id: string): object {
  const coupon = { ...requireCoupon(ctx, id), valid: false }
  ctx.store.remove('coupons', id)
  ctx.store.put('deleted_coupons', coupon)
  ctx.emit('coupon.deleted', coupon)
  return { id, object: 'coupon', deleted: true }
}
