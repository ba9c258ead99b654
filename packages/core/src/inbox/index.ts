export type { EventState, InboxSummary, WebhookEvent } from './event-list-store.ts'
export { eventStates } from './event-list-store.ts'
export type { EventJob } from './event-store.ts'
export {
  deadEvents,
  eventTasks,
  knownEvents,
  markFailed,
  markHandled,
  readPayload,
  requeue,
  requeueStranded,
  unresolvedObject,
  waitingEvents,
  waitingPriceEvents,
  writeCustomer,
} from './event-store.ts'
export { ignoredBecause, neededEventTypes } from './event-types.ts'
export type { WebhookEventsInput } from './list.ts'
export { findEvent, listWebhookEvents, summarizeInbox } from './list.ts'
export { parseEvent } from './parse.ts'
export { pruneInbox } from './prune.ts'
export type { WebhookOutcome } from './receive.ts'
export { receiveWebhook } from './receive.ts'
export type { SignedBody } from './signature.ts'
