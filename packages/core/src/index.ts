// What other packages use of core: its verbs, and the types that those need. Tests find more in testing.ts.

// Every type that a signature of these verbs names can be named by its caller.
export type * from './accounts/index.ts'
export type { ApiKey, AuditEntry, KeyHolder, Scope } from './accounts/index.ts'
export {
  banAccount,
  createApiKey,
  findAccount,
  findApiKey,
  findContact,
  grantAdmin,
  isScope,
  isSignInAccount,
  listApiKeys,
  listAudit,
  noteActingFor,
  revokeAdmin,
  revokeApiKey,
  scopes,
  signOutEverywhere,
  unbanAccount,
  upsertUser,
} from './accounts/index.ts'
export type { Actor } from './actor.ts'
export type * from './admin/index.ts'
export { eraseUser, getOverview, getUser, listUsers, userOrders } from './admin/index.ts'
export type * from './billing/index.ts'
export {
  applyOverage,
  buyPack,
  cancelSubscription,
  changePlan,
  createCheckout,
  createPortalSession,
  getSubscription,
  listAllInvoices,
  listInvoices,
  listPlans,
  nextPayment,
  passOnDetails,
  previewChange,
  resumeSubscription,
  syncBilling,
} from './billing/index.ts'
export type * from './catalog/index.ts'
export type { AnyCatalog, Catalog, CatalogIssue, MeterOf, PackOf, PlanOf } from './catalog/index.ts'
export {
  CatalogError,
  checkPlan,
  definePlans,
  isMeter,
  isPlan,
  packVariable,
  priceVariable,
  viewCatalog,
} from './catalog/index.ts'
export type { Context, ContextOptions, PriceIds, Settings } from './context.ts'
export { closeContext, createContext } from './context.ts'
export type { Grant, GrantInput } from './credits/index.ts'
export { grantCredits, listGrants, revokeGrant } from './credits/index.ts'
export {
  initDb,
  isDatabaseAway,
  migrationsFolder,
  pendingMigrations,
  UnfitDatabaseError,
} from './database/index.ts'
export type { ErrorCode, Issue } from './errors.ts'
export { errorCodes, invalid, TollgateError } from './errors.ts'
export type * from './features/index.ts'
export { can, getFeatures, setFeature } from './features/index.ts'
export type * from './inbox/index.ts'
export type { WebhookEvent } from './inbox/index.ts'
export { eventStates, listWebhookEvents, receiveWebhook, summarizeInbox } from './inbox/index.ts'
export { INSTANT_RULE, isStorableInstant } from './instant.ts'
export type { Worker } from './jobs.ts'
export { prepareQueue, startWorker } from './jobs.ts'
export type { Logger } from './log.ts'
export type * from './metering/index.ts'
export type {
  BatchResult,
  Consumed,
  Difference,
  MeterHelpers,
  QuotaCheck,
  Recorded,
  RecordInput,
  Reserved,
  SourceDifference,
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
export type * from './overage/verbs.ts'
export { resolveOverage, setOverageCap } from './overage/verbs.ts'
export type * from './quota/index.ts'
export type { Balance, Refusal } from './quota/index.ts'
export type * from './quota/verbs.ts'
export { applyCatalog, getQuota, getUsage, getUsageHistory, setQuota } from './quota/verbs.ts'
export type * from './reconcile/index.ts'
export type { Drift, Reconciliation } from './reconcile/index.ts'
export { driftKinds, driftTotals, lastReconcile, reconcile } from './reconcile/index.ts'
export type * from './setup/index.ts'
export type { Finding, PushStep } from './setup/index.ts'
export { examine, pushPlans, WEBHOOK_PATH } from './setup/index.ts'
export type * from './state/index.ts'
export { getState } from './state/index.ts'
export type * from './stripe/index.ts'
export { getQuotaLimitsForPrice, limitStripeCalls, stripeTrouble } from './stripe/index.ts'
export type * from './subscriptions/index.ts'
export type { Subscription } from './subscriptions/index.ts'
export { runningStatuses } from './subscriptions/index.ts'
export { replayDeadEvents, replayEvent } from './sync/index.ts'
export { isStorableText, MAX_TEXT_LENGTH, TEXT_RULE } from './text.ts'
