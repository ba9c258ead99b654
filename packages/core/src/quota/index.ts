// What stores and other domains build on: rules and rows. The verbs are in verbs.ts, since they need a context.
export { userNotFound } from '../errors.ts'
export type { Balance, Count } from './balance.ts'
export { balanceOf, refusalMessage, refusalOf } from './balance.ts'
export type { Entitlement, QuotaRow, QuotaRules, Refusal } from './entitlement.ts'
export { entitlementAt, quotaRules } from './entitlement.ts'
export type { FormerUsage, QuotaColumns } from './quota-store.ts'
export { QUOTA_COLUMNS, readFormerUsage, toQuotaRow } from './quota-store.ts'
export { dateOf, dayOf, monthOf, parsePeriod } from './windows.ts'
