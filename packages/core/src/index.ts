// What other packages use of core: its verbs, and the types that those need. Tests find more in testing.ts.
export type { ApiKey, AuditEntry, KeyHolder, Scope } from './accounts/index.ts'
export {
  createApiKey,
  findApiKey,
  grantAdmin,
  isScope,
  listApiKeys,
  listAudit,
  revokeApiKey,
  scopes,
  upsertUser,
} from './accounts/index.ts'
export type { Actor } from './actor.ts'
export { getOverview, getUser, listUsers } from './admin/index.ts'
export {
  cancelSubscription,
  changePlan,
  createCheckout,
  createPortalSession,
  listAllInvoices,
  listInvoices,
  listPlans,
  passOnDetails,
  previewChange,
  resumeSubscription,
} from './billing/index.ts'
export type { AnyCatalog, Catalog, CatalogIssue, MeterOf, PlanOf } from './catalog/index.ts'
export { CatalogError, definePlans, isPlan, priceVariable, viewCatalog } from './catalog/index.ts'
export type { Context, ContextOptions, PriceIds, Settings } from './context.ts'
export { closeContext, createContext } from './context.ts'
export { initDb, isDatabaseAway, migrationsFolder, pendingMigrations } from './database/index.ts'
export type { ErrorCode, Issue } from './errors.ts'
export { errorCodes, invalid, TollgateError } from './errors.ts'
export type { Logger } from './log.ts'
export type {
  BatchResult,
  Consumed,
  Difference,
  MeterHelpers,
  QuotaCheck,
  Recorded,
  RecordInput,
  Reserved,
  UsageInput,
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
export type { Balance } from './quota/index.ts'
export { applyCatalog, getQuota, getUsage, getUsageHistory, setQuota } from './quota/verbs.ts'
export type {
  Drift,
  Finding,
  PushStep,
  Reconciliation,
  WebhookEvent,
  Worker,
} from './stripe/index.ts'
export {
  driftKinds,
  driftTotals,
  eventStates,
  examine,
  lastReconcile,
  listWebhookEvents,
  prepareQueue,
  pushPlans,
  receiveWebhook,
  reconcile,
  replayDeadEvents,
  replayEvent,
  startWorker,
  stripeTrouble,
  summarizeInbox,
  WEBHOOK_PATH,
} from './stripe/index.ts'
export type { Subscription } from './subscriptions/index.ts'
export { getSubscription, syncBilling } from './subscriptions/index.ts'
export { isStorableText, MAX_TEXT_LENGTH, TEXT_RULE } from './text.ts'
