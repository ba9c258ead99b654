import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a page on one of the allowed origins sent this. A form can't send JSON, a foreign page's script can't without
 * a CORS preflight, and `Origin` is set by the browser, where no page can change it.
 */
export function isSameSite(
  headers: Pick<IncomingHttpHeaders, 'origin' | 'content-type'>,
  origins: readonly string[],
): boolean {
  const { origin, 'content-type': contentType = '' } = headers
  const isJson = contentType.split(';')[0]?.trim().toLowerCase() === 'application/json'
  return isJson && origin !== undefined && origins.includes(origin)
}
