import type { Context } from '../../context.ts'
import { isAnswered, isRepeatedAnswer } from '../stripe-error.ts'
import { readFailures, writeFailures } from './failure-store.ts'
import { idempotencyKey } from './idempotency-key.ts'

export interface Write<T> {
  /** What is written, in words that are the same at each attempt: the idempotency key is made from them. */
  words: readonly (string | number)[]
  /** What an earlier attempt made at Stripe although its answer was a failure; null: nothing. */
  find: () => Promise<T | null>
  send: (idempotencyKey: string) => Promise<T>
}

/** How many keys one call tries: the first may hold a failure that was not stored here, since the process died. */
const MAX_KEYS = 3

/**
 * Writes to Stripe so that repeats, after a crash or a lost answer too, have one effect. While there is no answer, a
 * repeat uses the same idempotency key. Once Stripe has answered with a failure, that key only repeats the failure, for
 * a day: then a repeat first reads whether the write happened all the same, and else uses a new key (docs/stripe.md,
 * fact 18). Call it under a lease: two callers at once could both read that nothing happened. Throws what `send` throws.
 */
export async function writeOnce<T>(
  ctx: Pick<Context, 'db' | 'clock'>,
  { words, find, send }: Write<T>,
): Promise<T> {
  const write = idempotencyKey(...words)
  let failures = await readFailures(ctx.db.pool, write)
  for (let tried = 1; ; tried += 1) {
    if (failures > 0) {
      const found = await find()
      if (found !== null) return found
    }
    try {
      return await send(failures === 0 ? write : idempotencyKey(...words, 'after', failures))
    } catch (error) {
      if (!isAnswered(error)) throw error
      const now = ctx.clock.now()
      failures = await writeFailures(ctx.db.pool, { write, failures: failures + 1, now })
      if (!isRepeatedAnswer(error) || tried === MAX_KEYS) throw error
    }
  }
}
