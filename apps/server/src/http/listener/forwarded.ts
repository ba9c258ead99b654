import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { Env } from '../../config/env.ts'
import { plainAddress, readAddress } from './address.ts'
import { isHostHeader } from './host-header.ts'

/** Whether the one at this address may say who sent it the request; it is `hop` proxies away, 0 being the peer itself. */
export type Trust = (address: string, hop: number) => boolean

/** What proxies write. Only the first three are read. */
const headerNames = [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
  'forwarded',
] as const

export function trustOf(proxies: Env['trustProxy']): Trust {
  if (typeof proxies === 'number') return (_address, hop) => hop < proxies
  const trusted = new BlockList()
  for (const { network, prefix } of proxies) trusted.addSubnet(network, prefix, family(network))
  return (address) => isIP(address) !== 0 && trusted.check(address, family(address))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4'
}

const forwarded = new WeakSet<IncomingMessage>()

/** Whether a request came with headers of a proxy, trusted or not. */
export function wasForwarded(request: IncomingMessage): boolean {
  return forwarded.has(request)
}

/**
 * Makes the headers of a request say who called and nothing else: `X-Forwarded-For` is the caller's address, always;
 * `-Proto` and `-Host` are left where a trusted peer sent them and they make sense. So whoever reads them later, be it
 * Fastify, the sign-in or a host's own code, reads what this server believes.
 */
export function settleForwarded(request: IncomingMessage, trust: Trust): void {
  const { headers } = request
  const peer = plainAddress(request.socket.remoteAddress ?? '')
  if (!headerNames.some((name) => headers[name] !== undefined)) {
    headers['x-forwarded-for'] = peer
    return
  }
  forwarded.add(request)
  const given = Object.fromEntries(headerNames.map((name) => [name, lastOf(headers[name])]))
  const chain = String(headers['x-forwarded-for'] ?? '').split(',')
  for (const name of headerNames) delete headers[name]
  headers['x-forwarded-for'] = callerOf(peer, chain, trust)
  if (!trust(peer, 0)) return
  const { 'x-forwarded-proto': protocol, 'x-forwarded-host': host } = given
  if (protocol === 'http' || protocol === 'https') headers['x-forwarded-proto'] = protocol
  if (host !== undefined && isHostHeader(host)) headers['x-forwarded-host'] = host
}

/** The nearest address that is not trusted to name another. What is no address ends the search. */
function callerOf(peer: string, chain: readonly string[], trust: Trust): string {
  let caller = peer
  for (const [hop, entry] of chain.toReversed().entries()) {
    const next = trust(caller, hop) ? readAddress(entry.trim()) : null
    if (next === null) break
    caller = next
  }
  return caller
}

/** Of a header that was sent more than once, or has several values, the one that was written last. */
function lastOf(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header).split(',').at(-1)?.trim().toLowerCase()
}
