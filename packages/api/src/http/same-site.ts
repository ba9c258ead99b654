import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a page of ours sent this. A form can't send JSON, and a foreign page's script can't without asking
 * first; an Origin is the browser's word, which no page can change. Source: contract, "Cross-site".
 */
export function isSameSite(
  headers: Pick<IncomingHttpHeaders, 'origin' | 'content-type'>,
  origins: readonly string[],
): boolean {
  const { origin, 'content-type': contentType = '' } = headers
  const isJson = contentType.split(';')[0]?.trim().toLowerCase() === 'application/json'
  return isJson && origin !== undefined && origins.includes(origin)
}
