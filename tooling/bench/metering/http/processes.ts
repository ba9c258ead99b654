import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../../../apps/server/src/starter/postgres/index.ts'

/** A server in a process of its own; it ends when this one does. */
export interface ServerProcess {
  url: string
  stop: () => Promise<void>
}

const POLL_MS = 50

/** The server as in production, with its log in a file of `folder`. Metering never asks Stripe, so there is none. */
export function startServer(databaseUrl: string, folder: string): Promise<ServerProcess> {
  return start('server', '/readyz', {
    folder,
    env: {
      NODE_ENV: 'production',
      APP_URL: 'https://bench.example',
      AUTH_SECRET: 'bench'.repeat(8),
      DATABASE_URL: databaseUrl,
      STRIPE_SECRET_KEY: 'sk_test_bench',
      STRIPE_WEBHOOK_SECRET: 'whsec_bench',
      STRIPE_API_BASE: 'http://127.0.0.1:1',
    },
  })
}

/** Fastify with one route. */
export function startBare(folder: string): Promise<ServerProcess> {
  return start('bare', '/', { folder, env: { NODE_ENV: 'production' } })
}

async function start(
  entry: 'server' | 'bare',
  path: string,
  { folder, env }: { folder: string; env: Record<string, string> },
): Promise<ServerProcess> {
  const port = await freePort()
  const log = openSync(join(folder, `${entry}-${port}.log`), 'w')
  const child = spawn(process.execPath, [join(import.meta.dirname, `${entry}.js`)], {
    // Not where a developer's .env may lie.
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env, PORT: String(port) },
    stdio: ['ignore', log, log, 'ipc'],
  })
  const url = `http://127.0.0.1:${port}`
  await untilAnswered(child, url + path)
  return { url, stop: () => stop(child) }
}

async function untilAnswered(child: ChildProcess, url: string): Promise<void> {
  while (!hasEnded(child)) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 503,
    )
    if (status < 500) return
    await delay(POLL_MS)
  }
  throw new Error(`a server ended (${child.signalCode ?? child.exitCode}) before it answered`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.disconnect()
  await ended
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
