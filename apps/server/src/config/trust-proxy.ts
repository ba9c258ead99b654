import { isIP } from 'node:net'
import { z } from 'zod'

/** Who may say who the caller is: the peers of some networks, or the proxies of so many hops. */
export type TrustedProxies = number | readonly Network[]

interface Network {
  network: string
  /** How many leading bits an address shares with it. */
  prefix: number
}

const loopback: readonly Network[] = [
  { network: '127.0.0.0', prefix: 8 },
  { network: '::1', prefix: 128 },
]

const MAX_HOPS = 16

const RULE = `must be addresses and CIDR blocks with commas between, loopback, or a number of hops from 1 to ${MAX_HOPS}`

/** The value of TRUST_PROXY. */
export const trustProxy = z
  .string()
  .default('')
  .transform((text, ctx): TrustedProxies => {
    const trusted = read(text.trim())
    if (trusted !== null) return trusted
    ctx.addIssue({ code: 'custom', message: RULE })
    return z.NEVER
  })

export function trustsNobody(trusted: TrustedProxies): boolean {
  return typeof trusted !== 'number' && trusted.length === 0
}

function read(text: string): TrustedProxies | null {
  if (/^\d+$/.test(text)) {
    const hops = Number(text)
    return hops >= 1 && hops <= MAX_HOPS ? hops : null
  }
  const networks: Network[] = []
  for (const item of text === '' ? [] : text.split(',')) {
    const found = item.trim() === 'loopback' ? loopback : networkOf(item.trim())
    if (found === null) return null
    networks.push(...found)
  }
  return networks
}

/** Null also for a block that holds every address: then anybody could say anything. */
function networkOf(text: string): Network[] | null {
  const [network = '', bits, ...more] = text.split('/')
  const version = isIP(network)
  if (version === 0 || network.includes('%') || more.length > 0) return null
  const longest = version === 4 ? 32 : 128
  if (bits === undefined) return [{ network, prefix: longest }]
  const prefix = /^\d{1,3}$/.test(bits) ? Number(bits) : 0
  return prefix >= 1 && prefix <= longest ? [{ network, prefix }] : null
}
