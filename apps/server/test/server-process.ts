import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '@tollgate/testing'
import { afterAll } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
/** Inside the workspace, so that what is not bundled is found; a folder for each test file, removed at its end. */
const bundle = join(folder, 'node_modules/.test', String(process.pid))
const tsdown = fileURLToPath(new URL('../../../node_modules/tsdown/dist/run.mjs', import.meta.url))
let bundling: Promise<unknown> | undefined

/** The programs as they are built, from the source as it is now. */
function bundled(): Promise<unknown> {
  bundling ??= promisify(execFile)(process.execPath, [tsdown, '--out-dir', bundle], { cwd: folder })
  return bundling
}

const children = new Set<ChildProcess>()
afterAll(async () => {
  // Those that a failed test has left.
  for (const child of children) child.kill('SIGKILL')
  await rm(bundle, { recursive: true, force: true })
})

/** What a server needs besides a database; nothing of the environment that the tests run in. */
const settings = {
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_test',
  STRIPE_API_BASE: 'http://127.0.0.1:1',
  AUTH_SECRET: 'a secret of thirty-two characters!',
  LOG_LEVEL: 'warn',
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a program of this app with an environment of its own. */
export async function run(
  name: 'main' | 'cli',
  { env, args = [], input = '' }: { env: NodeJS.ProcessEnv; args?: string[]; input?: string },
) {
  await bundled()
  const child = spawn(process.execPath, [join(bundle, `${name}.js`), ...args], {
    cwd: bundle,
    env,
  })
  children.add(child)
  child.stdin.on('error', () => undefined).end(input)
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  const ended = once(child, 'close').then(async (): Promise<Ended> => {
    const [stdout, stderr] = await output
    children.delete(child)
    return { code: child.exitCode, stdout, stderr }
  })
  return { child, ended }
}

export interface ServerProcess {
  url: string
  pid: number
  ended: Promise<Ended>
  signal: (name: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => void
}

/** A server in a process of its own, ready. */
export async function startProcess(
  databaseUrl: string,
  env: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> {
  const port = await freePort()
  const complete = { ...settings, DATABASE_URL: databaseUrl, PORT: String(port), ...env }
  const { child, ended } = await run('main', { env: complete })
  const url = `http://127.0.0.1:${port}`
  let over: Ended | undefined
  void ended.then((how) => {
    over = how
  })
  while ((await statusOf(`${url}/readyz`)) !== 200) {
    if (over) throw new Error(`the server ended: ${over.code}\n${over.stdout}${over.stderr}`)
    await delay(50)
  }
  return { url, pid: child.pid ?? -1, ended, signal: (name) => child.kill(name) }
}

/** The environment of a command or server on this database. */
export function environment(databaseUrl: string, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...settings, DATABASE_URL: databaseUrl, ...env }
}

export async function statusOf(url: string): Promise<number | null> {
  return fetch(url).then(
    async (response) => {
      await response.arrayBuffer()
      return response.status
    },
    () => null,
  )
}

/** Waits until nobody listens there any more. */
export async function untilRefused(url: string): Promise<void> {
  const { port, hostname } = new URL(url)
  const accepts = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), hostname)
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
  while (await accepts()) await delay(20)
}
