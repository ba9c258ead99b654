import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../apps/server/src/starter/postgres/index.ts'

/** A program that serves HTTP in a process of its own. */
export interface Program {
  origin: string
  stop: () => Promise<void>
}

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** Connections to the database that each side may use: what our server has. */
const POOL_SIZE = 10

/** The built server, as in production; its log goes nowhere. */
export async function startTollgate(
  databaseUrl: string,
  { stripe, secret }: { stripe: string; secret: string },
): Promise<Program> {
  const port = await freePort()
  const child = spawn(process.execPath, [fromRoot('apps/server/dist/main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      NODE_ENV: 'production',
      APP_URL: 'https://billing.example.com',
      AUTH_SECRET: 'as long as production asks it to be',
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      STRIPE_SECRET_KEY: 'sk_test_bench',
      STRIPE_WEBHOOK_SECRET: secret,
      STRIPE_API_BASE: stripe,
    },
  })
  const origin = `http://127.0.0.1:${port}`
  await answers(`${origin}/readyz`, child)
  return { origin, stop: () => end(child) }
}

/** `@supabase/stripe-sync-engine` behind a route. */
export async function startEngine(databaseUrl: string, secret: string): Promise<Program> {
  const file = fromRoot('tooling/bench/webhooks/engine-server.ts')
  const child = spawn(
    process.execPath,
    ['--import=tsx', file, databaseUrl, secret, String(POOL_SIZE)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line]: unknown[] = await once(child.stdout, 'data')
  const port = /listening on (\d+)/.exec(String(line))?.[1]
  if (port === undefined) throw new Error(`the engine did not start: ${line}`)
  return { origin: `http://127.0.0.1:${port}`, stop: () => end(child) }
}

/** The local Stripe. */
export async function startStripe(): Promise<Program> {
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [fromRoot('packages/stripe-emulator/dist/cli.js'), '--port', String(port)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const origin = `http://127.0.0.1:${port}`
  await answers(origin, child)
  return { origin, stop: () => end(child) }
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  while (!(await fetch(url).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error(`a program ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
