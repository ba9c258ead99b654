export * from './accounts/index.ts'
export * from './billing/index.ts'
export type {
  Catalog,
  Limit,
  Meter,
  MeterDefinition,
  PlanDefinition,
  PlanId,
} from './catalog/index.ts'
export { catalog, definePlans, isMeter, isPlan, planLimit } from './catalog/index.ts'
export type { Clock } from './clock.ts'
export { ManualClock, systemClock } from './clock.ts'
export type { Context, ContextOptions, Settings } from './context.ts'
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
  checkApiCallQuota,
  checkScrapingTaskQuota,
  checkTokenQuota,
  checkUsage,
  consumeUsage,
  listUsageEvents,
  MAX_BATCH,
  recordApiCallUsage,
  recordScrapingTaskUsage,
  recordTokenUsage,
  recordUsage,
  recordUsageBatch,
  releaseReservation,
  reserveUsage,
  settleReservation,
  verifyUsage,
  voidUsage,
} from './metering/index.ts'
export type {
  Balance,
  Entitlement,
  MeterQuota,
  QuotaRow,
  Refusal,
  SetQuotaInput,
} from './quota/index.ts'
export {
  dateOf,
  dayOf,
  entitlementAt,
  getQuota,
  getUsage,
  getUsageHistory,
  graceEnd,
  monthOf,
  parsePeriod,
  refusalOf,
  setQuota,
} from './quota/index.ts'
export * from './stripe/index.ts'
