import { isIP } from 'node:net'
import type { Env } from './env.ts'

/**
 * Why this is not a try-out on somebody's own machine, where nobody else reaches the server, database and Stripe are
 * this machine's own, and nothing real is at stake; null: it is. What gives accounts away exists only there.
 */
export function whyNotLocal({ production, databaseUrl, stripe, host }: Env): string | null {
  if (production) return 'this is production'
  const hosts = {
    DATABASE_URL: new URL(databaseUrl).hostname,
    STRIPE_API_BASE: stripe.apiBase === undefined ? 'api.stripe.com' : hostOf(stripe.apiBase),
    HOST: host,
  }
  const other = Object.entries(hosts).find(([, each]) => !isLoopback(each))
  return other ? `${other[0]} is ${other[1]}, not this machine` : null
}

/** Whether an origin is this machine's own, for its own browser. */
export function isLoopbackOrigin(origin: string): boolean {
  return isLoopback(hostOf(origin))
}

function hostOf(url: string): string {
  return new URL(url).hostname
}

/** Whether a host, as a URL or a variable names it, is this machine for itself. A name other than localhost is not. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}
