import { hash } from 'node:crypto'
import type pg from 'pg'
import type { Context } from '../context.ts'
import type { ApiKey } from './api-keys.ts'
import { isScope } from './scopes.ts'

/** What is stored of a key. No salt: the key is 256 random bits, so there is nothing to guess. */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer')
}

export async function insertKey(
  tx: pg.ClientBase,
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
  await tx.query(
    `INSERT INTO api_keys (id, name, hash, scopes, created_by, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [key.id, key.name, key.hash, key.scopes, key.createdBy, key.createdAt, key.expiresAt ?? null],
  )
}

export async function readKeys(ctx: Context): Promise<ApiKey[]> {
  const keys = await ctx.db.prisma.apiKey.findMany({
    omit: { hash: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  })
  return keys.map((key) => ({
    ...key,
    scopes: key.scopes.filter(isScope),
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }))
}

/** Null for a key that there is not; `before`: it was revoked already, and keeps that time. */
export async function writeRevoked(
  tx: pg.ClientBase,
  id: string,
  now: Date,
): Promise<{ name: string; before: boolean } | null> {
  const { rows } = await tx.query<{ name: string; before: boolean }>(
    `WITH key AS (SELECT id, revoked_at FROM api_keys WHERE id = $1 FOR UPDATE)
     UPDATE api_keys k SET revoked_at = coalesce(k.revoked_at, $2) FROM key
     WHERE k.id = key.id
     RETURNING k.name, key.revoked_at IS NOT NULL AS before`,
    [id, now],
  )
  return rows[0] ?? null
}

/** The key with this hash, unless it is revoked. */
export function readByHash(ctx: Context, hash: Buffer) {
  return ctx.db.prisma.apiKey.findUnique({
    where: { hash: new Uint8Array(hash), revokedAt: null },
    select: { id: true, name: true, scopes: true, expiresAt: true, lastUsedAt: true },
  })
}

/** Notes a use, unless one was noted after `since`: many processes may see the same minute. */
export async function writeLastUsed(
  ctx: Context,
  { id, now, since }: { id: string; now: Date; since: Date },
): Promise<void> {
  await ctx.db.pool.query(
    'UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)',
    [id, now, since],
  )
}
