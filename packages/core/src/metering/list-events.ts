import { validate as isUuid } from 'uuid'
import { requireUser } from '../accounts/index.ts'
import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import { checkMeter } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Page } from '../database/page.ts'
import { decodeCursor, invalidCursor, pageSize, toPage } from '../database/page.ts'
import { checkInstant } from '../instant.ts'
import { checkText } from '../text.ts'
import type { EventRow } from './ledger/events-store.ts'
import { listEvents } from './ledger/events-store.ts'
import type { UsageEvent } from './usage.ts'
import { toUsageId } from './usage.ts'

export interface EventsInput<M extends string = string> {
  userId: string
  meter?: M | undefined
  /** Instants of the use, from inclusive, to exclusive. */
  from?: Date | undefined
  to?: Date | undefined
  cursor?: string | undefined
  /** 1–100 */
  limit?: number | undefined
}

/**
 * A user's usage events, the last recorded first. Stable while events are added: a page never repeats a row
 * of the page before. Throws USER_NOT_FOUND, VALIDATION for a cursor that is not from here.
 */
export async function listUsageEvents<C extends AnyCatalog>(
  ctx: Context<C>,
  input: EventsInput<MeterOf<C>>,
): Promise<Page<UsageEvent>> {
  if (input.meter !== undefined) checkMeter(ctx.catalog, input.meter)
  checkText('userId', input.userId)
  for (const end of ['from', 'to'] as const) {
    const instant = input[end]
    if (instant !== undefined) checkInstant(end, instant)
  }
  const limit = pageSize(input.limit)
  const [before = null] = input.cursor === undefined ? [] : decodeCursor(input.cursor, 1)
  if (before !== null && !isUuid(before)) throw invalidCursor()
  const rows = await listEvents(ctx.db.pool, { ...input, before, limit: limit + 1 })
  if (rows.length === 0) await requireUser(ctx.db.pool, input.userId)
  return toPage(rows, limit, { item: toEvent, cursor: (row) => [row.id] })
}

function toEvent(row: EventRow): UsageEvent {
  const usageId = toUsageId(row.user_id, row.id)
  return {
    usageId,
    userId: row.user_id,
    meter: row.meter,
    amount: Number(row.amount),
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    idempotencyKey: row.idempotency_key,
    metadata: { ...row.metadata, ...row.settled_metadata },
    overLimit: row.over_limit,
    reservationId: row.verb === 'reserve' ? usageId : null,
    voidedAt: row.voided_at?.toISOString() ?? null,
  }
}
