import { createHash } from 'node:crypto'
import type { Context } from '../core/context.ts'
import { invalidRequest, StripeError } from '../core/errors.ts'
import type { IdempotentAnswer } from '../documents.ts'
import type { Answer } from './answer.ts'

const REMEMBERED_SECONDS = 24 * 3600
const MAX_LENGTH = 255

/** What must be the same when a key is used again: method, path and parameters. */
export function fingerprintOf(method: string, path: string, params: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, params]))
    .digest('hex')
}

/** Refuses a key that Stripe would refuse. */
export function checkKey(key: string): void {
  if (key.length <= MAX_LENGTH) return
  throw invalidRequest(`Idempotency keys may be at most ${MAX_LENGTH} characters long.`)
}

/** The stored answer for a key, at least 24 hours long; the key with other parameters is refused. */
export function storedAnswer(
  ctx: Context,
  key: string,
  fingerprint: string,
): IdempotentAnswer | undefined {
  const stored = ctx.store.get('idempotent_answers', key)
  if (stored === undefined || ctx.now - stored.created > REMEMBERED_SECONDS) return undefined
  if (stored.fingerprint === fingerprint) return stored
  throw new StripeError(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })
}

/** Keeps the answer of a request that has begun to execute, a refusal or a fault too. */
export function storeAnswer(ctx: Context, fingerprint: string, answer: Answer): void {
  const { idempotencyKey: id, id: requestId } = ctx.request
  if (id === null || requestId === null) return
  ctx.store.put('idempotent_answers', {
    id,
    fingerprint,
    requestId,
    ...answer,
    created: ctx.now,
  })
}

/** The refusal while the first request with the same key is still running. */
export function keyInUse(key: string): StripeError {
  return new StripeError(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  })
}
