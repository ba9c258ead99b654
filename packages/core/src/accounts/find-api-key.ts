import type { Context } from '../context.ts'
import type { Database } from '../database/index.ts'
import { hashKey, readByHash, writeLastUsed } from './api-key-store.ts'
import type { ApiKey } from './api-keys.ts'
import { isScope } from './scopes.ts'

/** Who calls with a key. */
export type KeyHolder = Pick<ApiKey, 'id' | 'name' | 'scopes'>

interface Found extends KeyHolder {
  expiresAt: Date | null
}

interface Entry {
  until: number
  found: Promise<Found | null>
  /** Known once it is found; by which a revocation finds the entry. */
  id: string | null
}

/** Within the 10 s of the contract, whatever a look-up takes. */
const FRESH_MS = 8_000
/** Keys that are made up fill the cache too; the oldest entry makes room. */
const MAX_ENTRIES = 10_000
const USE_NOTED_EVERY_MS = 60_000

const caches = new WeakMap<Database, Map<string, Entry>>()

/** Who holds this key; null for one that is unknown, expired or revoked. Cached for less than 10 s, misses too. */
export async function findApiKey(ctx: Context, key: string): Promise<KeyHolder | null> {
  if (!/^tg_[\w-]{43}$/.test(key)) return null
  const now = ctx.clock.now()
  const found = await lookUp(ctx, hashKey(key), now.getTime())
  if (!found || (found.expiresAt && found.expiresAt <= now)) return null
  const { id, name, scopes } = found
  return { id, name, scopes }
}

/** Makes this process ask the database again. */
export function forgetKey(ctx: Context, id: string): void {
  const cache = cacheOf(ctx)
  for (const [hash, entry] of cache) if (entry.id === id) cache.delete(hash)
}

function lookUp(ctx: Context, hash: Buffer, now: number): Promise<Found | null> {
  const cache = cacheOf(ctx)
  const cacheKey = hash.toString('base64')
  const cached = cache.get(cacheKey)
  if (cached && now < cached.until) return cached.found

  const entry: Entry = { until: now + FRESH_MS, found: load(), id: null }
  cache.delete(cacheKey)
  cache.set(cacheKey, entry)
  const [oldest] = cache.keys()
  if (cache.size > MAX_ENTRIES && oldest !== undefined) cache.delete(oldest)
  return entry.found

  async function load(): Promise<Found | null> {
    try {
      const row = await readByHash(ctx, hash)
      if (!row) return null
      entry.id = row.id
      noteUse(ctx, row)
      return { ...row, scopes: row.scopes.filter(isScope) }
    } catch (error) {
      cache.delete(cacheKey)
      throw error
    }
  }
}

/** Off the caller's way: nobody waits for it, and what fails is noted at the next use. */
function noteUse(ctx: Context, { id, lastUsedAt }: { id: string; lastUsedAt: Date | null }): void {
  const now = ctx.clock.now()
  const since = new Date(now.getTime() - USE_NOTED_EVERY_MS)
  if (lastUsedAt && lastUsedAt > since) return
  writeLastUsed(ctx, { id, now, since }).catch((error: unknown) =>
    ctx.log.debug({ err: error, id }, "a key's use was not noted"),
  )
}

function cacheOf(ctx: Context): Map<string, Entry> {
  const cache = caches.get(ctx.db) ?? new Map<string, Entry>()
  caches.set(ctx.db, cache)
  return cache
}
