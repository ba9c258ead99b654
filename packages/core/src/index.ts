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
export type {
  EventState,
  InboxSummary,
  SignedBody,
  WebhookEvent,
  WebhookEventsInput,
  WebhookOutcome,
} from './inbox/index.ts'
export { eventStates, listWebhookEvents, receiveWebhook, summarizeInbox } from './inbox/index.ts'
export type { Worker } from './jobs.ts'
export { prepareQueue, startWorker } from './jobs.ts'
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
  monthOf,
  parsePeriod,
  refusalOf,
} from './quota/index.ts'
export * from './quota/verbs.ts'
export type {
  Drift,
  DriftCount,
  DriftKind,
  LastReconcile,
  ReconcileInput,
  Reconciliation,
} from './reconcile/index.ts'
export { driftKinds, driftTotals, lastReconcile, reconcile } from './reconcile/index.ts'
export type { Finding, PushStep } from './setup/index.ts'
export { examine, pushPlans, WEBHOOK_PATH } from './setup/index.ts'
export type {
  CurrentPrices,
  PlanPrice,
  StripeGateway,
  StripeOptions,
  StripeTrouble,
} from './stripe/index.ts'
export {
  currentPrices,
  getQuotaLimitsForPrice,
  offeredPrices,
  stripeTrouble,
} from './stripe/index.ts'
export type { RunningStatus, Subscription, SubscriptionStatus } from './subscriptions/index.ts'
export { graceEnd, runningStatuses } from './subscriptions/index.ts'
export { replayDeadEvents, replayEvent, syncCustomer } from './sync/index.ts'
export { isStorableText, MAX_TEXT_LENGTH, TEXT_RULE } from './text.ts'
