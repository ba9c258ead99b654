import { createHash } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { invalidRequest, StripeError } from '../../core/errors.ts'
import type { IdempotentResponse } from '../../documents.ts'
import type { JsonResponse } from '../response.ts'

const STORED_SECONDS = 24 * 3600
const MAX_LENGTH = 255

/** A hash of what must be equal when a key is used again: method, path and parameters. */
export function fingerprintOf(method: string, path: string, params: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, params]))
    .digest('hex')
}

/** Throws for a key that is empty or too long. */
export function checkKey(key: string): void {
  if (key === '') throw invalidRequest('Idempotency Key must be a non-empty string.')
  if (key.length <= MAX_LENGTH) return
  throw invalidRequest(`Idempotency keys may be at most ${MAX_LENGTH} characters long.`)
}

/** What a stored response belongs to. */
interface Request {
  path: string
  fingerprint: string
}

/**
 * The stored response for a key, kept for 24 hours. Throws where the route or the parameters differ (docs/stripe.md,
 * fact 18).
 */
export function findStoredResponse(
  ctx: Context,
  key: string,
  { path, fingerprint }: Request,
): IdempotentResponse | undefined {
  const stored = ctx.store.get('idempotent_answers', key)
  if (stored === undefined || ctx.now - stored.created > STORED_SECONDS) return undefined
  if (stored.fingerprint === fingerprint) return stored
  const isOther = stored.path !== undefined && stored.path !== path
  throw new StripeError(400, {
    type: 'idempotency_error',
    message: isOther
      ? `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${stored.path}' vs '${path}'). Try using a key other than '${key}' if you meant to execute a different request.`
      : `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })
}

/** Stores the response to a request that has begun to execute, an error or an injected fault too. */
export function storeResponse(ctx: Context, request: Request, response: JsonResponse): void {
  const { idempotencyKey: id, id: requestId } = ctx.request
  if (id === null || requestId === null) return
  ctx.store.put('idempotent_answers', {
    id,
    path: request.path,
    fingerprint: request.fingerprint,
    requestId,
    ...response,
    created: ctx.now,
  })
}

/** The error while the first request with the same key is still running. */
export function keyInUse(key: string): StripeError {
  return new StripeError(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  })
}
