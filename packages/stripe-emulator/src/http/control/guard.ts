import type { FastifyRequest } from 'fastify'
import { StripeError } from '../../core/errors.ts'

const LOOPBACK_NAMES = /^(127(\.\d{1,3}){3}|\[::1\]|localhost|[\w.-]+\.localhost)$/
const LOOPBACK_PEERS = /^(::ffff:)?127\.|^::1$/
const OWN_SITES: readonly (string | undefined)[] = [undefined, 'same-origin', 'none']

/**
 * Accepts requests from this machine only, and only to a loopback name: another site cannot get in by
 * pointing its own name at this address (DNS rebinding). Throws 403.
 */
export function requireLoopback(request: FastifyRequest): void {
  if (!LOOPBACK_PEERS.test(request.ip)) {
    throw forbidden('stripe-emulator: only this machine has access.')
  }
  const name = (request.headers.host ?? '').replace(/:\d+$/, '')
  if (!LOOPBACK_NAMES.test(name)) {
    throw forbidden(
      `stripe-emulator: '${name}' is not a loopback name; use 127.0.0.1 or localhost.`,
    )
  }
}

function forbidden(message: string, status = 403): StripeError {
  return new StripeError(status, { type: 'invalid_request_error', message })
}

/** Rejects pages of other origins, also those of an app on another port of this machine. Throws 403. */
export function requireOwnOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const own = origin === undefined || origin === `http://${host}`
  if (own && OWN_SITES.some((allowed) => allowed === site)) return
  throw forbidden('stripe-emulator: a page of another origin may not control it.')
}

/** Requires JSON for a POST, which a page cannot send to another origin without a preflight. Throws 415. */
export function requireJson(request: FastifyRequest): void {
  if (request.method !== 'POST') return
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return
  throw forbidden('stripe-emulator: send this request with Content-Type: application/json.', 415)
}
