import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { LimitedCall } from '@tollgate/api'
import { TollgateError } from '@tollgate/core'
import type { FastifyRequest } from 'fastify'
import { limitedAddress } from './listener/address.ts'

/** Requests a minute and address, a batch counting as the calls in it. */
const MAX_PER_ADDRESS = 6_000
/** Calls a minute and API key. Sibling apps meter every call of theirs through here. */
const MAX_PER_KEY = 600_000

const WINDOW_MS = 60_000
/** More addresses than this in a minute are counted anew, the oldest first: the memory has a bound. */
const MAX_COUNTED = 100_000

/**
 * The limits of the whole server, in this process. Every request counts at its address when its head has arrived. One that
 * turns out to have a valid API key counts at the key instead. So an `Authorization` header lifts no limit unless what it
 * holds is good, and keys tried in vain count as any request does.
 */
export class RateLimits {
  readonly #now: () => number
  readonly #counts = new Map<string, number>()
  /** Hashes of the headers with keys that were good in this window. */
  readonly #good = new Map<string, string>()
  #windowEnds = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Throws RATE_LIMITED where the address has had its share. A key that was good a moment ago is let through. */
  onRequest({ ip, headers: { authorization } }: Pick<FastifyRequest, 'ip' | 'headers'>): void {
    const count = this.#add(addressKey(ip), 1)
    if (count <= MAX_PER_ADDRESS) return
    if (authorization === undefined || !this.#isGood(authorization)) throw this.#refusal()
  }

  /** Throws RATE_LIMITED where the calls of this request are too many for its key or address. */
  onCall({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>, { caller, calls }: LimitedCall) {
    if (caller.kind !== 'key') {
      if (calls > 1 && this.#add(addressKey(ip), calls - 1) > MAX_PER_ADDRESS) throw this.#refusal()
      return
    }
    this.#add(addressKey(ip), -1)
    if (!this.#good.has(caller.keyId)) {
      this.#good.set(caller.keyId, hashOf(headers.authorization ?? ''))
    }
    if (this.#add(`key ${caller.keyId}`, calls) > MAX_PER_KEY) throw this.#refusal()
  }

  #add(key: string, by: number): number {
    const now = this.#now()
    if (now >= this.#windowEnds) {
      this.#counts.clear()
      this.#good.clear()
      this.#windowEnds = now + WINDOW_MS
    }
    const count = Math.max(0, (this.#counts.get(key) ?? 0) + by)
    this.#counts.set(key, count)
    if (this.#counts.size > MAX_COUNTED) {
      const [oldest] = this.#counts.keys()
      if (oldest !== undefined) this.#counts.delete(oldest)
    }
    return count
  }

  #isGood(authorization: string): boolean {
    const hash = hashOf(authorization)
    return [...this.#good.values()].includes(hash)
  }

  #refusal(): TollgateError {
    return new TollgateError('RATE_LIMITED', 'Too many requests; come back in a moment.', {
      retryAfterSeconds: (this.#windowEnds - this.#now()) / 1_000,
    })
  }
}

function addressKey(ip: string): string {
  return `address ${limitedAddress(ip)}`
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
