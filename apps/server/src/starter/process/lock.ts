import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../../config/start-error.ts'

export interface Lock {
  /** `true` when the last owner was killed: what it had started may still be about to end. */
  afterCrash: boolean
  release: () => void
}

/**
 * One starter per data folder. The lock is a socket that the owner listens on: unlike a pid in a file, it can't be
 * mistaken for another process, and it frees itself when its owner is killed.
 */
export async function takeLock(dataFolder: string): Promise<Lock> {
  const path = socketPath(dataFolder)
  const first = await listen(path)
  if (first !== null) return lock(first, false)
  if (await answers(path)) {
    throw new StartError(
      `Tollgate already runs on ${dataFolder}: stop it first, or set TOLLGATE_DATA_DIR to another folder`,
    )
  }
  await rm(path, { force: true })
  const second = await listen(path)
  if (second === null) throw new StartError(`Another start on ${dataFolder} is under way`)
  return lock(second, true)
}

function lock(server: Server, afterCrash: boolean): Lock {
  server.unref()
  return { afterCrash, release: () => server.close() }
}

/** In the temporary folder: a path inside the clone may be longer than a socket's may. */
function socketPath(dataFolder: string): string {
  const name = `tollgate-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}

async function listen(path: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(path, () => resolve(server))
  })
}

async function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
