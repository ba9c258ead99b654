import type { Context } from '../context.ts'
import type { Page } from '../database/page.ts'
import { decodeInstantCursor, pageSize, toPage } from '../database/page.ts'
import { checkSearch, checkText } from '../text.ts'
import type { EventState, InboxSummary, WebhookEvent } from './event-list-store.ts'
import { readEvents, readSummary } from './event-list-store.ts'

export interface WebhookEventsInput {
  cursor?: string | undefined
  /** 1–100 */
  limit?: number | undefined
  state?: EventState | undefined
  /** Stripe's, as in `invoice.paid`. */
  type?: string | undefined
  /** A whole id of an event, customer, object or user, or a part of an e-mail address. */
  search?: string | undefined
}

/** The inbox, the last received first. Throws VALIDATION for a cursor of another list. */
export async function listWebhookEvents(
  ctx: Context,
  { cursor, state, type, ...input }: WebhookEventsInput = {},
): Promise<Page<WebhookEvent>> {
  const limit = pageSize(input.limit)
  const search = checkSearch(input.search)
  if (type !== undefined) checkText('type', type)
  const before = decodeInstantCursor(cursor)
  const rows = await readEvents(ctx.db.pool, { state, type, search, before, limit: limit + 1 })
  return toPage(rows, limit, {
    item: (event) => event,
    cursor: ({ receivedAt, id }) => [receivedAt, id],
  })
}

/** An event of the inbox; null for one that is not stored. */
export async function findEvent(ctx: Context, id: string): Promise<WebhookEvent | null> {
  const [event] = await readEvents(ctx.db.pool, { id, before: null, limit: 1 })
  return event ?? null
}

/** How many events are pending, failing and dead. */
export function summarizeInbox(ctx: Context): Promise<InboxSummary> {
  return readSummary(ctx.db.pool)
}
