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
export type { StripeGateway, StripeOptions } from './gateway.ts'
export { idempotencyKey } from './idempotency-key.ts'
export type { CurrentPrices } from './prices/current-prices.ts'
export { configuredPrice, currentPrices, toPlanPrice } from './prices/current-prices.ts'
export { offeredPrices } from './prices/offered-prices.ts'
export type { KnownPrices } from './prices/plan-of-price.ts'
export { knownPrices, planOfPrice } from './prices/plan-of-price.ts'
export type { PlanPrice } from './prices/price-store.ts'
export { readPricePlans, rememberPrices } from './prices/price-store.ts'
export { getQuotaLimitsForPrice } from './prices/quota-limits.ts'
export { isBadKey, isMissing } from './stripe-error.ts'
