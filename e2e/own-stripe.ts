import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Account } from './product.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

type Environment = Record<string, string>

/** What names the Stripe to run against, and how its webhooks reach this machine. */
const NAMES = [
  'PORT',
  'STRIPE_API_BASE',
  'STRIPE_PRICE_BASIC',
  'STRIPE_PRICE_ENTERPRISE',
  'STRIPE_PRICE_PRO',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
]

/**
 * The part of the environment that names a Stripe of one's own, such as Stripe's test mode; null: none, and the start
 * brings the local one.
 */
export function ownStripe(): Environment | null {
  if (!process.env['STRIPE_SECRET_KEY']) return null
  const named = NAMES.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))
  return { ...Object.fromEntries(named), AUTH_SECRET: randomBytes(32).toString('base64url') }
}

/** Where the pages of a Stripe are: its own, or those beside an API that is elsewhere. */
export function pagesOf(base: string | undefined): { checkout: string; portal: string } {
  return base === undefined
    ? { checkout: 'https://checkout.stripe.com/c/pay/', portal: 'https://billing.stripe.com/p/' }
    : { checkout: `${base}/c/pay/`, portal: `${base}/p/session/` }
}

/** Does once for a Stripe of one's own what the start does by itself with the local one. */
export async function prepare(env: Environment, app: string): Promise<Account> {
  await tollgate(env, ['plans', 'push'])
  const admin = {
    email: `admin-${randomBytes(4).toString('hex')}@example.com`,
    password: randomBytes(12).toString('base64url'),
  }
  const signedUp = await fetch(`${app}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app },
    body: JSON.stringify({ ...admin, name: 'Admin' }),
  })
  if (!signedUp.ok) throw new Error(`sign-up of the admin answered ${signedUp.status}`)
  await tollgate(env, ['admin', 'grant', admin.email])
  return admin
}

/** Starts the example agent, and waits until it says that it listens. */
export async function startAgent(env: Environment, app: string): Promise<ChildProcess> {
  const args = ['keys', 'create', '--name', 'agent', '--scopes', 'usage:write,usage:read']
  const { key } = await tollgate(env, args)
  const child = spawn(process.execPath, [join(root, 'apps/agent/dist/main.js')], {
    env: { PATH: process.env['PATH'], ...env, TOLLGATE_URL: app, TOLLGATE_API_KEY: String(key) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  return child
}

async function tollgate(env: Environment, args: string[]): Promise<Record<string, unknown>> {
  const script = join(root, 'apps/server/bin/tollgate.mjs')
  const child = spawn(process.execPath, [script, ...args, '--json'], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`tollgate ${args.join(' ')} ended with ${code}: ${output}`)
  return JSON.parse(output)
}
