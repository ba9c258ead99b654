import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../apps/server/src/starter/postgres/index.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const product = join(root, 'tooling/run/product.mjs')
const server = join(root, 'apps/server/dist/index.js')

/** The three ports and the data folder of an installation, which outlives its starts. */
export type Installation = {
  PORT: string
  AGENT_PORT: string
  STRIPE_EMULATOR_PORT: string
  TOLLGATE_DATA_DIR: string
}

export async function newInstallation(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-start-'))
  await chmod(folder, 0o755)
  return {
    PORT: String(await freePort()),
    AGENT_PORT: String(await freePort()),
    STRIPE_EMULATOR_PORT: String(await freePort()),
    TOLLGATE_DATA_DIR: join(folder, 'data'),
  }
}

/** Ends what a failed test has left, and removes the data. */
export async function discard(installation: Installation): Promise<void> {
  for (const pid of processesOf(installation).keys()) process.kill(pid, 'SIGKILL')
  await rm(join(installation.TOLLGATE_DATA_DIR, '..'), { recursive: true, force: true })
}

export interface Started {
  process: ChildProcess
  /** All that it has written so far. */
  output: () => string
  /** Settles with the exit code when it has ended. */
  ended: Promise<number | null>
}

/** `npm start` after installation and build, as a process of its own with this environment and none of ours. */
export function startProcess(env: Record<string, string>): Started {
  if (!existsSync(server)) throw new Error('these tests start what is built: run npm test once')
  const child = spawn(process.execPath, [product, 'start'], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  child.stdout.on('data', (chunk) => {
    written += chunk
  })
  child.stderr.on('data', (chunk) => {
    written += chunk
  })
  const ended = once(child, 'close').then(() => child.exitCode)
  return { process: child, output: () => written, ended }
}

/** Waits until it has printed `text`. */
export async function printed(started: Started, text: string): Promise<void> {
  while (!started.output().includes(text)) {
    const more = started.process.stdout ? once(started.process.stdout, 'data') : started.ended
    if ((await Promise.race([more, started.ended])) === null || started.process.exitCode !== null) {
      throw new Error(`it ended before it printed "${text}":\n${started.output()}`)
    }
  }
}

/** Starts it and waits until everything answers. */
export async function startAll(env: Record<string, string>): Promise<Started> {
  const started = startProcess(env)
  await printed(started, 'Ctrl-C stops everything')
  return started
}

/** Asks it to stop, and answers its exit code. */
export async function stop(started: Started): Promise<number | null> {
  started.process.kill('SIGTERM')
  return started.ended
}

/**
 * Everything that starts on this installation have begun and that still runs, as pid → command line. It is told by the
 * data folder, which is in the environment of each program, and on PostgreSQL's command line. Linux only.
 */
export function processesOf({ TOLLGATE_DATA_DIR }: Installation): Map<number, string> {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
  return new Map(
    pids
      .filter((pid) =>
        readProc(pid, 'environ').concat(readProc(pid, 'cmdline')).includes(TOLLGATE_DATA_DIR),
      )
      .map((pid) => [pid, readProc(pid, 'cmdline').replaceAll('\0', ' ')]),
  )
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
