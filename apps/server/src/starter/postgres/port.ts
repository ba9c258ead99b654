import { createServer } from 'node:net'

/**
 * Below the ports that systems hand out for port 0, so that no program takes one between our look and its use. Each
 * process begins at a place of its own and never answers a port twice: several may look at once, as tests do.
 */
const FIRST = 10_000
const COUNT = 22_000
const APART = 37

let looked = 0

/** A port of 127.0.0.1 that nobody listens on. Prefer listening on port 0 where a program can. */
export async function freePort(): Promise<number> {
  while (looked < COUNT) {
    const port = FIRST + ((process.pid * APART + looked) % COUNT)
    looked += 1
    if (await isFree(port)) return port
  }
  throw new Error(`no free port from ${FIRST} to ${FIRST + COUNT - 1}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
