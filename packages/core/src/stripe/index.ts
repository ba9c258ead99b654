export type { StripeTrouble } from './account/account.ts'
export {
  accountOf,
  assertReachable,
  assertSameAccount,
  boundAt,
  portalConfiguration,
  stripeTrouble,
  writePortal,
  writeStop,
} from './account/account.ts'
export { limitStripeCalls } from './call-limit.ts'
export type { StripeGateway, StripeOptions } from './gateway.ts'
export { idOf } from './id-of.ts'
export { listMeters } from './meters.ts'
export type { Operation } from './operations/operations.ts'
export { operations } from './operations/operations.ts'
export { remedyFor, stripeRefusals } from './operations/refusals.ts'
export { amountIn } from './prices/amount.ts'
export type { CurrentPrices } from './prices/current-prices.ts'
export { configuredPrice, currentPrices } from './prices/current-prices.ts'
export type { Offer } from './prices/offer.ts'
export { offerOf, toPlanPrice } from './prices/offer.ts'
export { offeredPrices } from './prices/offered-prices.ts'
export type { OverageOf, OveragePrice } from './prices/overage-price.ts'
export {
  OVERAGE_DUE,
  OVERAGE_METER_MARK,
  OVERAGE_PLAN_MARK,
  overageMarks,
  overageOf,
  overagePrices,
  unitPriceIn,
  unitPriceParams,
} from './prices/overage-price.ts'
export {
  configuredPackPrice,
  findPackPrice,
  findPackPriceByKey,
  isSoldIn,
  PACK_MARK,
  packPriceRefusal,
} from './prices/pack-price.ts'
export type { KnownPrices } from './prices/plan-of-price.ts'
export { PLAN_MARK, planOfPrice } from './prices/plan-of-price.ts'
export type { PlanPrice } from './prices/price-store.ts'
export { rememberPrices } from './prices/price-store.ts'
export { getQuotaLimitsForPrice } from './prices/quota-limits.ts'
export { readKnownPrices } from './prices/read-known-prices.ts'
export {
  isBadKey,
  isFailedAnswer,
  isForbidden,
  isKeyUsed,
  isMissing,
  isRefused,
  meterEventExists,
} from './stripe-error.ts'
export { idempotencyKey } from './write/idempotency-key.ts'
export { writeOnce } from './write/write-once.ts'
