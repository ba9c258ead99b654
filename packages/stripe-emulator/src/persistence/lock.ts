import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { systemClock } from '../core/clock.ts'

/** A lock on a file, held by a process through a second file with its id. */
export interface Lock {
  release(): void
}

const TOUCH_MS = 2_000
/** A lock that was not touched for this long is stale: its holder is gone, and another process may have its id. */
const STALE_MS = 10_000

/** Takes a lock, also from a killed process. Throws while a running process holds it. */
export function lockFile(path: string): Lock {
  mkdirSync(dirname(path), { recursive: true })
  const holder = holderOf(path)
  if (holder !== null) {
    throw new Error(`${path.replace(/\.lock$/, '')} is in use by the process ${holder}`)
  }
  writeFileSync(path, String(process.pid))
  const touching = setInterval(() => {
    const now = systemClock.now()
    if (existsSync(path)) utimesSync(path, now, now)
  }, TOUCH_MS)
  touching.unref()
  return {
    release: () => {
      clearInterval(touching)
      rmSync(path, { force: true })
    },
  }
}

/** The id of the process that holds a lock; null: none does. */
function holderOf(path: string): number | null {
  if (!existsSync(path)) return null
  const pid = Number(readFileSync(path, 'utf8'))
  const age = systemClock.now().getTime() - statSync(path).mtimeMs
  return pid > 0 && pid !== process.pid && age < STALE_MS && isRunning(pid) ? pid : null
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
