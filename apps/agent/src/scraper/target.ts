import { isIP } from 'node:net'
import { HttpError } from '../http-error.ts'

const PORTS = ['', '80', '443']

export interface TargetRules {
  /** Against which a redirect's Location is read. */
  base?: string
  /** One origin that is fetched from whatever its address and port are. */
  allowOrigin: string | undefined
  isAllowed: (address: string) => boolean
}

/**
 * What of an address can be judged before its name is resolved: http or https, no credentials, port 80 or 443, and no
 * literal address that is not public. Throws 400 with the reason. Asked again for every redirect.
 */
export function parseTarget(address: string, rules: TargetRules): URL {
  const { base, allowOrigin, isAllowed } = rules
  if (!URL.canParse(address, base)) throw new HttpError(400, 'The url is not a URL.')
  const url = new URL(address, base)
  if (!['http:', 'https:'].includes(url.protocol)) {
    throw new HttpError(400, 'Only http: and https: are fetched.')
  }
  if (url.username !== '' || url.password !== '') {
    throw new HttpError(400, 'A url with credentials in it is not fetched.')
  }
  if (url.origin === allowOrigin) return url
  if (!PORTS.includes(url.port)) throw new HttpError(400, 'Only the ports 80 and 443 are fetched.')
  // The URL parser has turned every way to write an IPv4 address (0x7f.1, 2130706433) into the usual one.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isAllowed(host)) {
    throw new HttpError(400, `${host} is not on the public internet, so it is not fetched.`)
  }
  return url
}
