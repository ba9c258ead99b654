import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { copyMigrations, freePort } from '@tollgate/testing'
import { afterAll } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
/** Inside the workspace, so that what is not bundled is found; a folder for each test file, removed at its end. */
const bundle = join(folder, 'node_modules/.test', String(process.pid))
const tsdown = fileURLToPath(new URL('../../../node_modules/tsdown/dist/run.mjs', import.meta.url))
const catalogFile = fileURLToPath(new URL('../../../tollgate.config.ts', import.meta.url))
let bundling: Promise<void> | undefined

/** The programs of this app, and one of the tests: the server with a clock that its parent sets. */
type Program = 'main' | 'tollgate' | 'clocked-server'

/** A program as it is built, from the source as it is now. Answers its file. */
async function bundled(name: Program): Promise<string> {
  bundling ??= bundleAll()
  await bundling
  return join(bundle, `${name}.js`)
}

async function bundleAll(): Promise<void> {
  const args = [tsdown, '--config', 'test/tsdown.config.ts', '--out-dir', bundle]
  await promisify(execFile)(process.execPath, args, { cwd: folder })
  await copyMigrations(bundle)
  const config = `export { catalog } from ${JSON.stringify(catalogFile)}\n`
  await writeFile(join(bundle, 'tollgate.config.ts'), config)
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
  name: Program,
  { env, args = [], input = '' }: { env: NodeJS.ProcessEnv; args?: string[]; input?: string },
) {
  const file = await bundled(name)
  const child = spawn(process.execPath, [file, ...args], {
    cwd: bundle,
    env,
  })
  children.add(child)
  child.stdin.on('error', () => undefined)
  // The clock of the clocked one is told there.
  if (name !== 'clocked-server') child.stdin.end(input)
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
  args: string[] = [],
): Promise<ServerProcess> {
  const port = String(await freePort())
  const running = await run('main', { env: environment(databaseUrl, { PORT: port, ...env }), args })
  return untilReady(running, `http://127.0.0.1:${port}`)
}

export interface ClockedServer extends ServerProcess {
  /** Where its clock stands from now on. */
  setClock: (instant: string) => void
}

/** A server in a process of its own, ready, whose clock stands at `instant` until it is set. */
export async function startClocked(
  databaseUrl: string,
  instant: string,
  more: NodeJS.ProcessEnv = {},
): Promise<ClockedServer> {
  const port = String(await freePort())
  const env = environment(databaseUrl, { PORT: port, LOG_LEVEL: 'silent', ...more })
  const running = await run('clocked-server', { env })
  const setClock = (to: string) => running.child.stdin.write(`${to}\n`)
  setClock(instant)
  return { ...(await untilReady(running, `http://127.0.0.1:${port}`)), setClock }
}

type Running = Awaited<ReturnType<typeof run>>

async function untilReady({ child, ended }: Running, url: string): Promise<ServerProcess> {
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
