import { createHash } from 'node:crypto'

/** Stripe's longest (stripe facts, 18). */
const MAX_LENGTH = 255

/**
 * The same words, the same key: a write that is repeated after a crash or a lost answer has one effect. The
 * prefix tells our own writes in the events that echo them.
 */
export function idempotencyKey(...words: readonly (string | number)[]): string {
  const key = ['tollgate', ...words].join(':')
  if (key.length <= MAX_LENGTH) return key
  return `tollgate:${createHash('sha256').update(key).digest('hex')}`
}
