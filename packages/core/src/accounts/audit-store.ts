import type pg from 'pg'
import { validate as isUuid } from 'uuid'
import { invalidCursor } from '../database/page.ts'
import type { AuditEntry, AuditInput } from './audit-entry.ts'

export async function insertAudit(
  db: pg.Pool | pg.ClientBase,
  entry: AuditInput & { id: string; at: Date },
): Promise<void> {
  await db.query(
    `INSERT INTO audit_log (id, at, actor_kind, actor_id, action, user_id, reason, details)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      entry.id,
      entry.at,
      entry.actor.kind,
      entry.actor.id,
      entry.action,
      entry.userId ?? null,
      entry.reason ?? null,
      JSON.stringify(entry.details ?? {}),
    ],
  )
}

/** The newest first; `before` is the last entry of the page before. Throws VALIDATION for an id that is none. */
export async function readAudit(
  db: pg.Pool | pg.ClientBase,
  { before, limit }: { before: { at: Date; id: string } | null; limit: number },
): Promise<AuditEntry[]> {
  if (before && !isUuid(before.id)) throw invalidCursor()
  const { rows } = await db.query<{
    id: string
    at: Date
    actor_kind: string
    actor_id: string
    action: string
    user_id: string | null
    reason: string | null
    details: Record<string, unknown>
  }>(
    `SELECT * FROM audit_log
     WHERE $1::timestamptz IS NULL OR (at, id) < ($1, $2::uuid)
     ORDER BY at DESC, id DESC LIMIT $3`,
    [before?.at ?? null, before?.id ?? null, limit],
  )
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id },
    action: row.action,
    userId: row.user_id,
    reason: row.reason,
    details: row.details,
  }))
}
