import type { FastifyRequest } from 'fastify'
import { StripeError } from '../../core/errors.ts'

const LOOPBACK_NAMES = /^(127(\.\d{1,3}){3}|\[::1\]|localhost|[\w.-]+\.localhost)$/
const LOOPBACK_PEERS = /^(::ffff:)?127\.|^::1$/
const OWN_SITES: readonly (string | undefined)[] = [undefined, 'same-origin', 'none']

/**
 * Lets only this machine pass, and only under a loopback name: a page of another site whose name
 * was pointed at this address stays outside.
 */
export function requireLoopback(request: FastifyRequest): void {
  if (!LOOPBACK_PEERS.test(request.ip)) {
    throw refused('stripe-emulator: only this machine may look at it or control it.')
  }
  const name = (request.headers.host ?? '').replace(/:\d+$/, '')
  if (!LOOPBACK_NAMES.test(name)) {
    throw refused(`stripe-emulator: '${name}' is not a loopback name; use 127.0.0.1 or localhost.`)
  }
}

function refused(message: string, status = 403): StripeError {
  return new StripeError(status, { type: 'invalid_request_error', message })
}

/** Lets no page of another origin pass, of the app beside it on this machine neither. */
export function requireOwnOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const own = origin === undefined || origin === `http://${host}`
  if (own && OWN_SITES.some((allowed) => allowed === site)) return
  throw refused('stripe-emulator: a page of another origin may not control it.')
}

/** What changes something is sent as JSON, which a page can't do across origins without asking. */
export function requireJson(request: FastifyRequest): void {
  if (request.method !== 'POST') return
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return
  throw refused('stripe-emulator: send this request with Content-Type: application/json.', 415)
}
