export * from './accounts/index.ts'
export type { Actor } from './actor.ts'
export * from './admin/index.ts'
export * from './billing/index.ts'
export * from './catalog/index.ts'
export type { Clock } from './clock.ts'
export { ManualClock, systemClock } from './clock.ts'
export type { Context, ContextOptions, PriceIds, Settings } from './context.ts'
export { closeContext, createContext } from './context.ts'
export type { Database } from './database/index.ts'
export {
  initDb,
  isDatabaseAway,
  migrate,
  migrationsFolder,
  pendingMigrations,
} from './database/index.ts'
export type { Page } from './database/page.ts'
export type { ErrorCode, ErrorDetails, Issue } from './errors.ts'
export { errorCodes, invalid, TollgateError } from './errors.ts'
export type { Logger } from './log.ts'
export { silentLog } from './log.ts'
export type {
  BatchResult,
  Check,
  Consumed,
  Difference,
  EventsInput,
  MeterHelpers,
  QuotaCheck,
  Recorded,
  RecordInput,
  Released,
  Reserved,
  ReserveInput,
  Settled,
  UsageEvent,
  UsageInput,
  Verification,
  Voided,
} from './metering/index.ts'
export {
  archiveUsage,
  checkUsage,
  consumeUsage,
  listUsageEvents,
  MAX_BATCH,
  meterHelpers,
  recordUsage,
  recordUsageBatch,
  releaseReservation,
  reserveUsage,
  settleReservation,
  verifyUsage,
  voidUsage,
} from './metering/index.ts'
export type { Balance, Entitlement, QuotaRow, Refusal } from './quota/index.ts'
export {
  dateOf,
  dayOf,
  entitlementAt,
  graceEnd,
  monthOf,
  parsePeriod,
  refusalOf,
} from './quota/index.ts'
export * from './quota/verbs.ts'
export * from './stripe/index.ts'
export * from './subscriptions/index.ts'
export { isStorableText, MAX_TEXT_LENGTH, TEXT_RULE } from './text.ts'
