export type { StripeTrouble } from './binding/index.ts'
export { assertSameAccount, portalConfiguration, stripeTrouble } from './binding/index.ts'
export { exclusively } from './exclusively.ts'
export type { StripeGateway, StripeOptions } from './gateway.ts'
export { idempotencyKey } from './idempotency-key.ts'
export type { CurrentPrices, PlanPrice } from './prices/index.ts'
export { currentPrices, getQuotaLimitsForPrice, offeredPrices } from './prices/index.ts'
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
export { applyCatalog, syncCustomer } from './sync/index.ts'
export type {
  EventState,
  InboxSummary,
  WebhookEvent,
  WebhookEventsInput,
} from './webhooks/index.ts'
export {
  eventStates,
  listWebhookEvents,
  replayDeadEvents,
  replayEvent,
  summarizeInbox,
} from './webhooks/index.ts'
export type { WebhookOutcome } from './webhooks/receive-webhook.ts'
export { receiveWebhook } from './webhooks/receive-webhook.ts'
export type { SignedBody } from './webhooks/signature.ts'
export type { Worker } from './webhooks/worker.ts'
export { prepareQueue, startWorker } from './webhooks/worker.ts'
