// What stores and other domains build on: rules and rows. The verbs are in verbs.ts, since they need a context.
export { userNotFound } from '../errors.ts'
export type { Balance } from './balance/balance.ts'
export {
  balanceOf,
  refusalMessage,
  refusalOf,
  refusalReason,
  remainingOf,
} from './balance/balance.ts'
export type { Beyond, Count } from './balance/beyond.ts'
export { allowanceLeft, NOTHING_BEYOND, overageLeft } from './balance/beyond.ts'
export { creditedSql, liveSql, overageSql, remainingSql, soldSql } from './balance/beyond-store.ts'
export type { OpenOverage, OverageRow } from './balance/overage.ts'
export { overageAt } from './balance/overage.ts'
export type { Entitlement, PlanRow, QuotaRow, QuotaRules, Refusal } from './entitlement.ts'
export { entitlementAt, planAt, quotaRules } from './entitlement.ts'
export type { QuotaColumns } from './quota-store.ts'
export { QUOTA_COLUMNS, toQuotaRow } from './quota-store.ts'
export type { EarlierSubscription } from './windows/billing-spans.ts'
export { nextSpans } from './windows/billing-spans.ts'
export { dateOf, dayOf, dayOfDate, daysAtFirst } from './windows/days.ts'
export type { FormerUsage } from './windows/days-store.ts'
export { readFormerUsage, readTotalsOfDays } from './windows/days-store.ts'
export { stepsAround } from './windows/month-steps.ts'
export { endSpans, readBases, writeSpans } from './windows/span-store.ts'
export type { BillingSpan, Window } from './windows/windows.ts'
export {
  clockWindow,
  kindOfKey,
  monthOf,
  parsePeriod,
  windowOf,
  windowOfKey,
} from './windows/windows.ts'
