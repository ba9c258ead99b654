export type { EventState, InboxSummary, WebhookEvent } from './inbox-store.ts'
export { eventStates } from './inbox-store.ts'
export type { WebhookEventsInput } from './list.ts'
export { listWebhookEvents, replayDeadEvents, replayEvent, summarizeInbox } from './list.ts'
