import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { StartError } from '../../config/start-error.ts'
import type { Running } from './programs.ts'

const READY_TIMEOUT_MS = 60_000
const POLL_MS = 100

export interface Port {
  host: string
  port: number
  /** The variable that moves it. */
  variable: string
}

/** Throws a StartError that names the port and its variable when somebody listens there, still so after `patienceMs`. */
export async function requireFree({ host, port, variable }: Port, patienceMs: number) {
  for (let waited = 0; !(await isFree(host, port)); waited += POLL_MS) {
    if (waited >= patienceMs) {
      throw new StartError(`Port ${port} is in use: set ${variable} to another port`)
    }
    await delay(POLL_MS)
  }
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    )
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

/** Waits until `url` answers with anything below 500; throws when the program ends before, or takes too long. */
export async function waitUntilReady(program: Running, url: string, signal: AbortSignal) {
  const death = program.ended.then((how) => {
    throw new StartError(how)
  })
  await Promise.race([death, poll(program.name, url, signal)])
}

async function poll(name: string, url: string, signal: AbortSignal): Promise<void> {
  for (let waited = 0; waited < READY_TIMEOUT_MS; waited += POLL_MS) {
    const status = await fetch(url, { signal }).then(
      (response) => response.status,
      () => null,
    )
    if (status !== null && status < 500) return
    await delay(POLL_MS, undefined, { signal })
  }
  throw new StartError(`${name} does not answer on ${url}`)
}
