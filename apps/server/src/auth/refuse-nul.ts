import { TEXT_RULE, TollgateError } from '@tollgate/core'
import type { FastifyRequest } from 'fastify'

/** A NUL as JSON writes it, in which a backslash may be escaped itself, or as a byte. */
const IN_JSON = /(?<!\\)(?:\\\\)*\\u0000|\0/

/**
 * Throws VALIDATION where a request to better-auth holds a NUL: it takes any text, looks for it in PostgreSQL, which takes
 * no NUL, and answers 500.
 */
export function refuseNul({ url, headers, body }: FastifyRequest): void {
  const text = Buffer.isBuffer(body) ? body.toString() : ''
  const isForm = headers['content-type']?.includes('form-urlencoded') === true
  const holdsNul = url.includes('%00') || IN_JSON.test(text) || (isForm && text.includes('%00'))
  if (holdsNul) throw new TollgateError('VALIDATION', `The request ${TEXT_RULE}.`)
}
