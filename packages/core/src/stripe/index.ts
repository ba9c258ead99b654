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
export { idempotencyKey } from './idempotency-key.ts'
export type { CurrentPrices } from './prices/current-prices.ts'
export {
  configuredPrice,
  currentPrices,
  lookupKeyOf,
  toPlanPrice,
} from './prices/current-prices.ts'
export { offeredPrices } from './prices/offered-prices.ts'
export type { KnownPrices } from './prices/plan-of-price.ts'
export { PLAN_MARK, planOfPrice } from './prices/plan-of-price.ts'
export type { PlanPrice } from './prices/price-store.ts'
export { rememberPrices } from './prices/price-store.ts'
export { getQuotaLimitsForPrice } from './prices/quota-limits.ts'
export { readKnownPrices } from './prices/read-known-prices.ts'
export { isBadKey, isMissing } from './stripe-error.ts'
