import type { Context } from '../context.ts'
import type { Database } from '../database/index.ts'
import type { KeyHolder } from './api-key.ts'
import { hashKey, readByHash, writeLastUsed } from './api-key-store.ts'

interface Found extends KeyHolder {
  expiresAt: Date | null
}

interface Entry {
  /** By the monotonic clock: a wall clock that is set back must not keep a revoked key alive. */
  untilMs: number
  found: Promise<Found | null>
  /** Known once the key is found. A revocation finds the entry by it. */
  id: string | null
}

/** Less than the 10 s within which a revocation holds everywhere, so that a look-up has time too. */
const FRESH_MS = 8_000
/** Made-up keys fill the cache too; beyond this many the oldest entry is dropped. */
const MAX_ENTRIES = 10_000
const USE_NOTED_EVERY_MS = 60_000

const caches = new WeakMap<Database, Map<string, Entry>>()

/** Who holds this key; null for one that is unknown, expired or revoked. Cached for less than 10 s, misses too. */
export async function findApiKey(ctx: Context, key: string): Promise<KeyHolder | null> {
  if (!/^tg_[\w-]{43}$/.test(key)) return null
  const now = ctx.clock.now()
  const found = await lookUp(ctx, hashKey(key))
  // Asked this way round, an instant that can't be read refuses the key.
  if (!found || (found.expiresAt && !(found.expiresAt > now))) return null
  const { id, name, scopes } = found
  return { id, name, scopes }
}

/** Makes this process ask the database again. */
export function forgetKey(ctx: Context, id: string): void {
  const cache = cacheOf(ctx)
  for (const [hash, entry] of cache) if (entry.id === id) cache.delete(hash)
}

function lookUp(ctx: Context, hash: Buffer): Promise<Found | null> {
  const cache = cacheOf(ctx)
  const cacheKey = hash.toString('base64')
  const cached = cache.get(cacheKey)
  const now = ctx.clock.monotonicMs()
  if (cached && now < cached.untilMs) return cached.found

  const entry: Entry = { untilMs: now + FRESH_MS, found: load(), id: null }
  cache.delete(cacheKey)
  cache.set(cacheKey, entry)
  const [oldest] = cache.keys()
  if (cache.size > MAX_ENTRIES && oldest !== undefined) cache.delete(oldest)
  return entry.found

  async function load(): Promise<Found | null> {
    try {
      const row = await readByHash(ctx.db.pool, hash)
      if (!row) return null
      entry.id = row.id
      noteUse(ctx, row)
      return row
    } catch (error) {
      cache.delete(cacheKey)
      throw error
    }
  }
}

/** The caller does not wait for it. Where it fails, the next use is noted instead. */
function noteUse(ctx: Context, { id, lastUsedAt }: { id: string; lastUsedAt: Date | null }): void {
  const now = ctx.clock.now()
  const since = new Date(now.getTime() - USE_NOTED_EVERY_MS)
  if (lastUsedAt && lastUsedAt > since) return
  writeLastUsed(ctx.db.pool, { id, now, since }).catch((error: unknown) =>
    ctx.log.debug({ err: error, id }, "a key's use was not noted"),
  )
}

function cacheOf(ctx: Context): Map<string, Entry> {
  const cache = caches.get(ctx.db) ?? new Map<string, Entry>()
  caches.set(ctx.db, cache)
  return cache
}
