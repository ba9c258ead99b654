import type pg from 'pg'
import type { Actor } from '../actor.ts'
import { liveSql, remainingSql } from '../quota/index.ts'
import type { Grant } from './grant.ts'

interface GrantRow {
  id: string
  meter: string
  amount: string
  remaining: string
  source: Grant['source']
  effective_at: Date
  expires_at: Date | null
  reason: string | null
}

const COLUMNS = 'g.id, g.meter, g.amount, g.source, g.effective_at, g.expires_at, g.reason'

/** Locks a user: grants are added one after the other. False where there is none. */
export async function lockUser(tx: pg.ClientBase, userId: string): Promise<boolean> {
  const text = 'SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE'
  return (await tx.query(text, [userId])).rowCount === 1
}

/** The grant that an operator gave under this key, as it was then; null: none. */
export async function findByKey(
  tx: pg.ClientBase,
  { userId, idempotencyKey }: { userId: string; idempotencyKey: string },
): Promise<Grant | null> {
  const { rows } = await tx.query<GrantRow>(
    `SELECT ${COLUMNS}, g.amount AS remaining FROM grants g WHERE g.user_id = $1 AND g.idempotency_key = $2`,
    [userId, idempotencyKey],
  )
  return rows[0] ? toGrant(rows[0]) : null
}

/** The live grants of a user, meter by meter in the order of use, with what a decision of now could take from each. */
export async function readLiveGrants(
  db: pg.Pool | pg.ClientBase,
  { userId, now }: { userId: string; now: Date },
): Promise<Grant[]> {
  const place = { user: 'g.user_id', meter: 'g.meter', now: '$2' }
  const { rows } = await db.query<GrantRow>(
    `SELECT ${COLUMNS}, ${remainingSql(place)} AS remaining FROM grants g
     WHERE g.user_id = $1 AND g.is_open AND ${liveSql('$2')}
     ORDER BY g.meter, g.expires_at NULLS LAST, g.effective_at, g.id`,
    [userId, now],
  )
  return rows.map(toGrant)
}

export async function insertGrant(
  tx: pg.ClientBase,
  grant: {
    id: string
    userId: string
    meter: string
    amount: number
    expiresAt: Date | null
    reason: string
    actor: Actor
    idempotencyKey: string
    now: Date
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO grants (id, user_id, meter, amount, remaining, source, effective_at, expires_at, reason,
       actor_kind, actor_id, idempotency_key, created_at)
     VALUES ($1, $2, $3, $4, $4, 'admin', $5, $6, $7, $8, $9, $10, $5)`,
    [
      grant.id,
      grant.userId,
      grant.meter,
      grant.amount,
      grant.now,
      grant.expiresAt,
      grant.reason,
      grant.actor.kind,
      grant.actor.id,
      grant.idempotencyKey,
    ],
  )
}

/** Revokes a grant once, and returns it; `before` is what remained of it, null where it was revoked already. */
export async function revoke(
  tx: pg.ClientBase,
  { id, reason, now }: { id: string; reason: string; now: Date },
): Promise<{ grant: Grant; userId: string; before: number | null } | null> {
  const { rows } = await tx.query<GrantRow & { user_id: string; revoked_at: Date | null }>(
    `SELECT ${COLUMNS}, g.remaining, g.user_id, g.revoked_at FROM grants g WHERE g.id = $1 FOR UPDATE`,
    [id],
  )
  const [row] = rows
  if (!row) return null
  const grant = { ...toGrant(row), remaining: 0 }
  if (row.revoked_at !== null) return { grant, userId: row.user_id, before: null }
  await tx.query('UPDATE grants SET revoked_at = $2, revoked_reason = $3 WHERE id = $1', [
    id,
    now,
    reason,
  ])
  return { grant, userId: row.user_id, before: Number(row.remaining) }
}

function toGrant(row: GrantRow): Grant {
  return {
    id: row.id,
    meter: row.meter,
    amount: Number(row.amount),
    remaining: Number(row.remaining),
    source: row.source,
    effectiveAt: row.effective_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    reason: row.reason,
  }
}
