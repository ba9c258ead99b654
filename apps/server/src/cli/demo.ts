import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { createAuth } from '../auth/auth.ts'
import type { DemoPasswords } from '../auth/demo-accounts.ts'
import { prepareDemoAccounts } from '../auth/demo-accounts.ts'
import type { Env } from '../config/env.ts'
import { createLog } from '../log.ts'
import type { Answer, CommandContext } from './command.ts'

const input = z.object({
  customerPassword: z.string().min(8),
  adminPassword: z.string().min(8),
})

/** Makes the demo accounts with the passwords given on stdin; only where nobody else can reach them. */
export async function demo({ env, core }: CommandContext): Promise<Answer> {
  requireLocal(env)
  const passwords = readPasswords(await text(process.stdin))
  const auth = createAuth({ core, env, log: createLog({ logLevel: 'warn' }, 'stderr') })
  const accounts = await prepareDemoAccounts({ core, auth }, passwords)
  return { json: accounts, lines: Object.values(accounts) }
}

function readPasswords(json: string): DemoPasswords {
  try {
    return input.parse(JSON.parse(json))
  } catch (cause) {
    const message =
      'stdin must be {"customerPassword": …, "adminPassword": …}, 8 characters or more'
    throw new Error(message, { cause })
  }
}

/** Throws unless database, Stripe and listener are this machine's own, and this is not production. */
function requireLocal({ production, databaseUrl, stripe, host }: Env): void {
  if (production) throw new Error('There are no demo accounts in production')
  const hosts = {
    DATABASE_URL: new URL(databaseUrl).hostname,
    STRIPE_API_BASE: stripe.apiBase === undefined ? 'api.stripe.com' : hostOf(stripe.apiBase),
    HOST: host,
  }
  for (const [name, each] of Object.entries(hosts)) {
    if (!isLoopback(each)) throw new Error(`Demo accounts need a loopback ${name}, not ${each}`)
  }
}

function hostOf(url: string): string {
  return new URL(url).hostname
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.[\d.]+$/.test(host)
}
