import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { HttpError } from '../http-error.ts'

/** Answers every address of a host name. */
export type Resolve = (hostname: string) => Promise<string[]>

export const resolveBySystem: Resolve = async (hostname) => {
  const addresses = await systemLookup(hostname, { all: true })
  return addresses.map(({ address }) => address)
}

/** Public by its number, yet answered by the cloud that we may run in (Azure's WireServer). */
const SERVED_BY_THE_HOST = ['168.63.129.16']

const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address is anybody's on the open internet. Not: private, loopback, link-local (cloud metadata), shared,
 * unique-local, multicast, unspecified, reserved, documentation; nor an IPv6 form that carries an IPv4 address
 * (mapped, NAT64, 6to4, Teredo …), whatever that is. Source: the IANA special-purpose address registries, by ipaddr.js.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || SERVED_BY_THE_HOST.includes(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST_V6)
}

export interface AddressRules {
  resolve: Resolve
  isAllowed: (address: string) => boolean
}

/**
 * The name lookup of a connection: the addresses that were checked are those connected to, so that a name can't change
 * its mind in between. One bad address refuses the whole name. Never asked about a literal address: check that before.
 */
export function checkedLookup(rules: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    resolveChecked(hostname, rules).then(
      ([first, ...others]) => {
        if (options.all) callback(null, [first, ...others])
        else callback(null, first.address, first.family)
      },
      (error) => callback(error, ''),
    )
  }
}

async function resolveChecked(
  hostname: string,
  { resolve, isAllowed }: AddressRules,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const addresses = await resolve(hostname)
  if (!addresses.every(isAllowed)) {
    throw new HttpError(400, `${hostname} is not on the public internet, so it is not fetched.`)
  }
  const [first, ...others] = addresses.map((address) => ({ address, family: isIP(address) }))
  if (!first) throw new HttpError(400, `${hostname} has no address.`)
  return [first, ...others]
}
