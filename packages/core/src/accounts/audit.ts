import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import type { Page } from '../database/page.ts'
import { decodeInstantCursor, pageSize, toPage } from '../database/page.ts'
import type { AuditEntry, AuditInput } from './audit-entry.ts'
import { insertAudit, readAudit } from './audit-store.ts'

/** Adds to the audit log, in the transaction of the change that the entry is about: both are written, or neither. */
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
  input: { cursor?: string | undefined; limit?: number | undefined } = {},
): Promise<Page<AuditEntry>> {
  const limit = pageSize(input.limit)
  const before = decodeInstantCursor(input.cursor)
  const rows = await readAudit(ctx.db.pool, { before, limit: limit + 1 })
  return toPage(rows, limit, { item: (entry) => entry, cursor: ({ at, id }) => [at, id] })
}
