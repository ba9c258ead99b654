import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { longId, upperToken } from '../../../core/ids.ts'
import type { PromotionCode } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { byCurrency, currencyParam } from '../../../http/params/currency.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { Param, ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  integer,
  oneOf,
  required,
  text,
  textUpTo,
  timestamp,
  unsupported,
} from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { changesBetween } from '../../events/changes.ts'
import { checkFuture, requireCoupon, termsOf } from './coupon.ts'
import { couponOf, currentCode, isRedeemable, requireCode } from './promotion-code.ts'

const codeText: Param<string> = {
  read(value, name) {
    const read = textUpTo(500).read(value, name)
    if (/^[a-zA-Z0-9\-_]+$/.test(read)) return read
    throw invalidRequest(
      `This value must match the regex pattern. (/\\A[a-zA-Z0-9\\-_]+\\z/ does not match for the value ${read}).`,
      { param: name },
    )
  },
}

const amount = integer({ min: 1 })
const currencyOptions = byCurrency(shape({ minimum_amount: amount }))

const createParams = shape({
  active: boolean,
  code: codeText,
  customer: text,
  customer_account: unsupported,
  expires_at: timestamp,
  max_redemptions: integer({ min: 1 }),
  metadata,
  promotion: required(shape({ coupon: text, type: required(oneOf('coupon')) })),
  restrictions: shape({
    currency_options: currencyOptions,
    first_time_transaction: boolean,
    minimum_amount: amount,
    minimum_amount_currency: currencyParam,
  }),
})

const updateParams = shape({
  active: boolean,
  metadata,
  restrictions: shape({ currency_options: currencyOptions }),
})

const listParams = shape({
  ...listFields,
  active: boolean,
  code: text,
  coupon: text,
  customer: text,
  customer_account: unsupported,
})

export const promotionCodeEndpoints = [
  endpoint('POST /v1/promotion_codes', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/promotion_codes', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/promotion_codes/:id', shape({}), (ctx, { id }) =>
    currentCode(ctx, requireCode(ctx, id)),
  ),
  endpoint('POST /v1/promotion_codes/:id', updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
]

type CreateParams = ValueOf<typeof createParams>

function create(ctx: Context, params: CreateParams): object {
  const coupon = params.promotion.coupon
  if (coupon === undefined) {
    throw invalidRequest('You must pass promotion.coupon when passing promotion', {
      param: 'promotion.coupon',
    })
  }
  requireCoupon(ctx, coupon, 'promotion[coupon]')
  if (params.customer !== undefined) requireCustomer(ctx, params.customer, 'customer')
  checkLimits(ctx, params, coupon)
  const { restrictions } = params
  const code: PromotionCode = {
    id: longId('promo'),
    object: 'promotion_code',
    active: params.active ?? true,
    code: params.code ?? upperToken(8),
    created: ctx.now,
    customer: params.customer ?? null,
    customer_account: null,
    expires_at: params.expires_at ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: changeMetadata({}, params.metadata),
    promotion: { coupon, type: params.promotion.type },
    restrictions: {
      first_time_transaction: restrictions?.first_time_transaction ?? false,
      minimum_amount: restrictions?.minimum_amount ?? null,
      minimum_amount_currency: restrictions?.minimum_amount_currency ?? null,
    },
    times_redeemed: 0,
  }
  if (code.active) requireFree(ctx, code)
  ctx.store.put('discount_terms', {
    id: code.id,
    products: null,
    amounts: minimumAmounts(restrictions?.currency_options, code),
  })
  const created = currentCode(ctx, ctx.store.put('promotion_codes', code))
  ctx.emit('promotion_code.created', created)
  return created
}

function checkLimits(ctx: Context, params: CreateParams, couponId: string): void {
  const coupon = requireCoupon(ctx, couponId)
  checkFuture(ctx, params.expires_at, 'expires_at')
  const { expires_at: end, max_redemptions: max, restrictions } = params
  if (end !== undefined && coupon.redeem_by !== null && end > coupon.redeem_by) {
    throw invalidRequest('`expires_at` cannot be after the `redeem_by` of the coupon.', {
      param: 'expires_at',
    })
  }
  if (max !== undefined && coupon.max_redemptions !== null && max > coupon.max_redemptions) {
    throw invalidRequest(
      '`max_redemptions` cannot be greater than the `max_redemptions` of the coupon.',
      { param: 'max_redemptions' },
    )
  }
  const { minimum_amount: minimum, minimum_amount_currency: currency } = restrictions ?? {}
  if ((minimum === undefined) === (currency === undefined)) return
  const [missing, given] =
    minimum === undefined
      ? ['minimum_amount', 'minimum_amount_currency']
      : ['minimum_amount_currency', 'minimum_amount']
  throw invalidRequest(`You must pass ${missing} when passing ${given}`, {
    param: `restrictions[${missing}]`,
  })
}

/** Throws 400 where an active promotion code of the same customer, or of all, has this code in any case. */
function requireFree(ctx: Context, code: PromotionCode): void {
  const same = ctx.store.find('promotion_codes', { index: 'code', key: code.code.toLowerCase() })
  const taken = same.some(
    (other) =>
      other.id !== code.id &&
      currentCode(ctx, other).active &&
      (other.customer === null || code.customer === null || other.customer === code.customer),
  )
  if (!taken) return
  throw invalidRequest(`An active promotion code with \`code: ${code.code}\` already exists.`)
}

type CurrencyOptions = ValueOf<typeof currencyOptions>

function minimumAmounts(
  options: CurrencyOptions | undefined,
  code: PromotionCode,
): Record<string, number> {
  const { minimum_amount_currency: own } = code.restrictions
  const entries = Object.entries(options ?? {}).flatMap(([currency, option]) => {
    const param = `restrictions[currency_options][${currency}]`
    if (own === null || currency === own) {
      throw invalidRequest(
        'Each currency of `currency_options` must be different from `minimum_amount_currency`, which must be set.',
        { param },
      )
    }
    return option.minimum_amount === undefined ? [] : [[currency, option.minimum_amount] as const]
  })
  return Object.fromEntries(entries)
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const { active, code, coupon, customer } = params
  if (coupon !== undefined) requireCoupon(ctx, coupon, 'coupon')
  const docs =
    code === undefined
      ? [...ctx.store.newest('promotion_codes')]
      : ctx.store.find('promotion_codes', { index: 'code', key: code.toLowerCase() })
  const found = docs
    .map((doc) => currentCode(ctx, doc))
    .filter(
      (doc) =>
        (active === undefined || doc.active === active) &&
        (coupon === undefined || doc.promotion.coupon === coupon) &&
        (customer === undefined || doc.customer === customer) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/promotion_codes')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requireCode(ctx, id)
  if (params.active === true && !currentCode(ctx, before).active) reactivate(ctx, before)
  const options = params.restrictions?.currency_options
  if (options !== undefined) {
    const terms = termsOf(ctx, id)
    const amounts = { ...terms.amounts, ...minimumAmounts(options, before) }
    ctx.store.put('discount_terms', { ...terms, amounts })
  }
  const shownBefore = currentCode(ctx, before)
  const after = ctx.patch('promotion_codes', id, {
    active: params.active ?? before.active,
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
  const shown = currentCode(ctx, after)
  ctx.emit('promotion_code.updated', shown, changesBetween(shownBefore, shown))
  return shown
}

/** Throws 400 for a promotion code that can not be active again. */
function reactivate(ctx: Context, code: PromotionCode): void {
  if (!isRedeemable(ctx, code)) {
    const id = couponOf(ctx, code)?.id ?? code.promotion.coupon
    throw invalidRequest(
      `This promotion code cannot be reactivated because it, or its coupon \`${id}\`, can no longer be redeemed.`,
      { param: 'active' },
    )
  }
  requireFree(ctx, code)
}
