import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Page } from '../database/page.ts'
import { decodeInstantCursor, PAGE_SIZE, toPage } from '../database/page.ts'
import { insertAudit, readAudit } from './audit-store.ts'

/** What was done, by whom and to whom. */
export interface AuditInput {
  actor: Actor
  /** object.verb, as in `apiKey.create`. */
  action: string
  /** Whose data it was about. */
  userId?: string | undefined
  reason?: string | undefined
  details?: Record<string, unknown> | undefined
}

export interface AuditEntry {
  id: string
  at: string
  actor: { kind: string; id: string }
  action: string
  userId: string | null
  reason: string | null
  details: Record<string, unknown>
}

/** Adds to the audit log; inside `tx`, so that the change and its entry stand or fall together. */
export async function appendAudit(
  ctx: Context,
  entry: AuditInput,
  tx: pg.ClientBase,
): Promise<void> {
  // Ids ascend within a process, so entries of one instant keep their order.
  await insertAudit(tx, { ...entry, id: uuidv7(), at: ctx.clock.now() })
}

/** The audit log, the last entry first. Throws VALIDATION for a cursor that is not from here. */
export async function listAudit(
  ctx: Context,
  { cursor, limit = PAGE_SIZE }: { cursor?: string | undefined; limit?: number | undefined } = {},
): Promise<Page<AuditEntry>> {
  const before = decodeInstantCursor(cursor)
  const rows = await readAudit(ctx.db.pool, { before, limit: limit + 1 })
  return toPage(rows, limit, { item: (entry) => entry, cursor: ({ at, id }) => [at, id] })
}
