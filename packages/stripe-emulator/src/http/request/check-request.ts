import type { IncomingHttpHeaders } from 'node:http'
import { invalidRequest, notEmulated } from '../../core/errors.ts'

const CONNECT_HEADERS = ['stripe-account', 'stripe-context'] as const

/**
 * Throws 400 for what no endpoint can take: a request for another account (Connect is not emulated), and a body that is
 * not form encoding (or not JSON, in the v2 API).
 */
export function checkRequest(request: {
  path: string
  headers: IncomingHttpHeaders
  params: Readonly<Record<string, unknown>>
}): void {
  const { path, headers, params } = request
  for (const name of CONNECT_HEADERS) {
    if (headers[name] !== undefined) throw notEmulated(`Connect (the header ${name})`)
  }
  const isJson = (headers['content-type'] ?? '').startsWith('application/json')
  if (!isJson || path.startsWith('/v2/') || Object.keys(params).length === 0) return
  throw invalidRequest(
    'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.',
  )
}
