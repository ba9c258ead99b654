import type { Context } from '@tollgate/core'
import type { Limit } from './attempts.ts'
import { countTry, forgetTries, keyOf, uncountTry } from './attempts.ts'
import { isKnownPlace } from './places.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Who guesses whose password. */
export interface Guesser {
  /** In lower case; of an account that exists or not: both meet the same. */
  email: string
  /** The network, or for somebody who is signed in, the session. */
  place: { kind: 'network' | 'session'; id: string }
}

/** A guess that was counted, and may be made. */
export interface Guess {
  pair: string
  /** Of all guesses from places that the account does not know. Empty at a place that it knows. */
  shared: readonly string[]
}

/** Wrong passwords for one account from one place. */
const PER_PAIR: Limit = { max: 10, windowMs: 15 * MINUTE_MS }

/**
 * The same, at a place from which the account never signed in, once so many wrong passwords came from such places in a
 * day. Each place keeps one guess: the right password is let in from anywhere, however many wrong ones others send.
 */
const UNDER_ATTACK: readonly { from: number; limit: Limit }[] = [
  { from: 1_000, limit: { max: 1, windowMs: DAY_MS } },
  { from: 100, limit: { max: 1, windowMs: HOUR_MS } },
]

/** Wrong passwords for any account from one network, where the account does not know it. */
function perNetwork(production: boolean): Limit {
  // Outside production a machine tests itself.
  return { max: production ? 100 : 10_000, windowMs: 15 * MINUTE_MS }
}

/** Counted over a day; it refuses nobody by itself. */
const PER_ACCOUNT: Limit = { max: Number.MAX_SAFE_INTEGER, windowMs: DAY_MS }

/**
 * How often passwords may be guessed. Only wrong ones count. Three counters: account and place; the network, over all
 * accounts; the account, over all places, which makes the first one stricter.
 */
export class PasswordGuesses {
  readonly #core: Context
  readonly #perNetwork: Limit

  constructor(core: Context, { production }: { production: boolean }) {
    this.#core = core
    this.#perNetwork = perNetwork(production)
  }

  /** Counts a guess before it is made. Returns it, or for how long no other may be made. */
  async begin(guesser: Guesser): Promise<Guess | { retryAfterSeconds: number }> {
    const { db, clock } = this.#core
    const now = clock.now()
    const { email, place } = guesser
    const pair = pairKey(guesser)
    let limit = PER_PAIR
    const shared: string[] = []
    if (!(await this.#knows(guesser))) {
      const network = keyOf('network', place.id)
      const tried = await countTry(db.pool, { key: network, now }, this.#perNetwork)
      if (!tried.allowed) return tried
      const account = keyOf('account', email)
      const { count } = await countTry(db.pool, { key: account, now }, PER_ACCOUNT)
      limit = UNDER_ATTACK.find(({ from }) => count > from)?.limit ?? PER_PAIR
      shared.push(network, account)
    }
    const tried = await countTry(db.pool, { key: pair, now }, limit)
    if (tried.allowed) return { pair, shared }
    // It was refused, so it was no guess.
    for (const key of shared) await uncountTry(db.pool, key)
    return tried
  }

  /** The password was right: the account's count at this place begins anew. */
  async wasRight({ pair, shared }: Guess): Promise<void> {
    await forgetTries(this.#core.db.pool, pair)
    for (const key of shared) await uncountTry(this.#core.db.pool, key)
  }

  /** No password was compared. */
  async wasNone({ pair, shared }: Guess): Promise<void> {
    for (const key of [pair, ...shared]) await uncountTry(this.#core.db.pool, key)
  }

  /** Forgets wrong passwords at a place: its owner has shown by a mail who they are. */
  async forgive(guesser: Guesser): Promise<void> {
    await forgetTries(this.#core.db.pool, pairKey(guesser))
  }

  async #knows({ email, place }: Guesser): Promise<boolean> {
    if (place.kind === 'session') return true
    return isKnownPlace(this.#core.db.pool, { email, address: place.id })
  }
}

function pairKey({ email, place }: Guesser): string {
  return keyOf('pair', email, place.kind, place.id)
}
