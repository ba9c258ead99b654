import { createHash } from 'node:crypto'

/** Stripe's longest (docs/stripe.md, fact 18). */
const MAX_LENGTH = 255

/**
 * The same words make the same key, so a write that is repeated after a crash or a lost answer has one effect. By the
 * prefix our own writes are recognised in Stripe's events and logs.
 */
export function idempotencyKey(...words: readonly (string | number)[]): string {
  const key = ['tollgate', ...words].join(':')
  if (key.length <= MAX_LENGTH) return key
  return `tollgate:${createHash('sha256').update(key).digest('hex')}`
}
