export type { WebhookEventsInput } from './inbox.ts'
export { listWebhookEvents, replayDeadEvents, replayEvent, summarizeInbox } from './inbox.ts'
export type { EventState, InboxSummary, WebhookEvent } from './inbox-store.ts'
export { eventStates } from './inbox-store.ts'
