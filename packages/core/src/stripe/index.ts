export type {
  EventState,
  InboxSummary,
  WebhookEvent,
  WebhookEventsInput,
} from '../inbox/index.ts'
export {
  eventStates,
  listWebhookEvents,
  replayDeadEvents,
  replayEvent,
  summarizeInbox,
} from '../inbox/index.ts'
export type { WebhookOutcome } from '../inbox/receive.ts'
export { receiveWebhook } from '../inbox/receive.ts'
export type { SignedBody } from '../inbox/signature.ts'
export type { Worker } from '../jobs.ts'
export { prepareQueue, startWorker } from '../jobs.ts'
export type {
  Drift,
  DriftCount,
  DriftKind,
  LastReconcile,
  ReconcileInput,
  Reconciliation,
} from '../reconcile/index.ts'
export { driftKinds, driftTotals, lastReconcile, reconcile } from '../reconcile/index.ts'
export type { Finding, PushStep } from '../setup/index.ts'
export { examine, pushPlans, WEBHOOK_PATH } from '../setup/index.ts'
export { syncCustomer } from '../sync/index.ts'
export type { StripeTrouble } from './account/index.ts'
export { assertSameAccount, portalConfiguration, stripeTrouble } from './account/index.ts'
export type { StripeGateway, StripeOptions } from './gateway.ts'
export { idempotencyKey } from './idempotency-key.ts'
export type { CurrentPrices, PlanPrice } from './prices/index.ts'
export { currentPrices, getQuotaLimitsForPrice, offeredPrices } from './prices/index.ts'
