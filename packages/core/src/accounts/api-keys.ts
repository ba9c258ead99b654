import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { Actor } from './actor.ts'
import type { Scope } from './scopes.ts'

/** A key as its owner sees it later: never the key itself. */
export interface ApiKey {
  id: string
  name: string
  scopes: Scope[]
  createdBy: string
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  lastUsedAt: string | null
}

/** Who calls with a key. */
export type KeyHolder = Pick<ApiKey, 'id' | 'name' | 'scopes'>

/** Makes a key of 256 random bits. The answer is the only time that it is seen: only its SHA-256 is stored. */
export async function createApiKey(
  _ctx: Context,
  _input: {
    name: string
    scopes: readonly Scope[]
    expiresAt?: Date | undefined
    createdBy: Actor
  },
): Promise<{ id: string; key: string }> {
  throw new TollgateError('INTERNAL', 'not yet')
}

/** All keys, the newest first, revoked and expired ones too. */
export async function listApiKeys(_ctx: Context): Promise<ApiKey[]> {
  throw new TollgateError('INTERNAL', 'not yet')
}

/** Ends a key: refused here at once, in other processes within 10 s. A repeat changes nothing. Throws NOT_FOUND. */
export async function revokeApiKey(
  _ctx: Context,
  _input: { id: string; revokedBy: Actor },
): Promise<void> {
  throw new TollgateError('INTERNAL', 'not yet')
}

/** Who holds this key; null for one that is unknown, expired or revoked. Cached for at most 10 s. */
export async function findApiKey(_ctx: Context, _key: string): Promise<KeyHolder | null> {
  throw new TollgateError('INTERNAL', 'not yet')
}
