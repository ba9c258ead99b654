import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file that says which process uses another file. */
export interface Lock {
  release(): void
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Takes a lock, also from a process that is gone; held by a running one: throws. */
export function lockFile(path: string): Lock {
  mkdirSync(dirname(path), { recursive: true })
  const holder = existsSync(path) ? Number(readFileSync(path, 'utf8')) : Number.NaN
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new Error(`${path.replace(/\.lock$/, '')} is in use by the process ${holder}`)
  }
  writeFileSync(path, String(process.pid))
  return { release: () => rmSync(path, { force: true }) }
}
