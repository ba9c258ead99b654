import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { invalid, TollgateError } from '../errors.ts'
import { checkInstant } from '../instant.ts'
import { checkText } from '../text.ts'
import type { ApiKey, Scope } from './api-key.ts'
import { isScope } from './api-key.ts'
import { hashKey, insertKey, readKeys, writeRevoked } from './api-key-store.ts'
import { appendAudit } from './audit.ts'
import { forgetKey } from './find-api-key.ts'

export interface ApiKeyInput {
  name: string
  scopes: readonly Scope[]
  expiresAt?: Date | undefined
  createdBy: Actor
}

const KEY_BYTES = 32

/**
 * Makes a key of 256 random bits. The result is the only place where it is seen: only its SHA-256 is stored. Throws
 * VALIDATION.
 */
export async function createApiKey(
  ctx: Context,
  { name, scopes, expiresAt, createdBy }: ApiKeyInput,
): Promise<{ id: string; key: string }> {
  checkText('name', name)
  if (expiresAt !== undefined) checkInstant('expiresAt', expiresAt)
  if (scopes.length === 0 || !scopes.every(isScope)) throw invalid('scopes', 'must be scopes')
  const createdAt = ctx.clock.now()
  const id = uuidv7()
  const key = `tg_${randomBytes(KEY_BYTES).toString('base64url')}`
  const row = { id, name, scopes, expiresAt, createdAt, createdBy: createdBy.id }
  const details = { id, name, scopes, expiresAt: expiresAt?.toISOString() ?? null }
  await inTransaction(ctx.db.pool, async (tx) => {
    await insertKey(tx, { ...row, hash: hashKey(key) })
    await appendAudit(ctx, { actor: createdBy, action: 'apiKey.create', details }, tx)
  })
  return { id, key }
}

/** All keys, the newest first, revoked and expired ones too. */
export async function listApiKeys(ctx: Context): Promise<ApiKey[]> {
  return readKeys(ctx.db.pool)
}

/** Ends a key: refused here at once, in other processes within 10 s. A repeat changes nothing. Throws NOT_FOUND. */
export async function revokeApiKey(
  ctx: Context,
  { id, revokedBy }: { id: string; revokedBy: Actor },
): Promise<void> {
  checkText('id', id)
  await inTransaction(ctx.db.pool, async (tx) => {
    const revoked = await writeRevoked(tx, id, ctx.clock.now())
    if (!revoked) throw new TollgateError('NOT_FOUND', 'There is no such key.')
    if (!revoked.before) {
      const details = { id, name: revoked.name }
      await appendAudit(ctx, { actor: revokedBy, action: 'apiKey.revoke', details }, tx)
    }
  })
  forgetKey(ctx, id)
}
