import { hash } from 'node:crypto'
import type pg from 'pg'
import type { ApiKey, Scope } from './api-key.ts'
import { isScope } from './api-key.ts'

/** What is stored of a key. No salt: the key is 256 random bits, so there is nothing to guess. */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer')
}

export async function insertKey(
  db: pg.Pool | pg.ClientBase,
  key: {
    id: string
    name: string
    hash: Buffer
    scopes: readonly string[]
    createdBy: string
    createdAt: Date
    expiresAt: Date | undefined
  },
): Promise<void> {
  await db.query(
    `INSERT INTO api_keys (id, name, hash, scopes, created_by, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      key.id,
      key.name,
      key.hash,
      key.scopes,
      key.createdBy,
      key.createdAt,
      key.expiresAt?.toISOString(),
    ],
  )
}

/** All keys, the newest first. */
export async function readKeys(db: pg.Pool | pg.ClientBase): Promise<ApiKey[]> {
  const { rows } = await db.query<{
    id: string
    name: string
    scopes: string[]
    created_by: string
    created_at: Date
    expires_at: Date | null
    revoked_at: Date | null
    last_used_at: Date | null
  }>(
    `SELECT id, name, scopes, created_by, created_at, expires_at, revoked_at, last_used_at
     FROM api_keys ORDER BY created_at DESC, id DESC`,
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: row.scopes.filter(isScope),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }))
}

/** Revokes a key. Null where there is none; `before`: it was revoked already, and its time does not change. */
export async function writeRevoked(
  db: pg.Pool | pg.ClientBase,
  id: string,
  now: Date,
): Promise<{ name: string; before: boolean } | null> {
  const { rows } = await db.query<{ name: string; before: boolean }>(
    `WITH key AS (SELECT id, revoked_at FROM api_keys WHERE id = $1 FOR UPDATE)
     UPDATE api_keys k SET revoked_at = coalesce(k.revoked_at, $2) FROM key
     WHERE k.id = key.id
     RETURNING k.name, key.revoked_at IS NOT NULL AS before`,
    [id, now],
  )
  return rows[0] ?? null
}

export interface KeyRow {
  id: string
  name: string
  scopes: Scope[]
  expiresAt: Date | null
  lastUsedAt: Date | null
}

/** The key with this hash; null where there is none or it is revoked. */
export async function readByHash(
  db: pg.Pool | pg.ClientBase,
  hash: Buffer,
): Promise<KeyRow | null> {
  const { rows } = await db.query<{
    id: string
    name: string
    scopes: string[]
    expires_at: Date | null
    last_used_at: Date | null
  }>(
    `SELECT id, name, scopes, expires_at, last_used_at FROM api_keys
     WHERE hash = $1 AND revoked_at IS NULL`,
    [hash],
  )
  const row = rows[0]
  if (!row) return null
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes.filter(isScope),
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}

/** Notes a use, unless one was noted after `since`: many processes may see uses in the same minute. */
export async function writeLastUsed(
  db: pg.Pool | pg.ClientBase,
  { id, now, since }: { id: string; now: Date; since: Date },
): Promise<void> {
  await db.query(
    'UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)',
    [id, now, since],
  )
}
