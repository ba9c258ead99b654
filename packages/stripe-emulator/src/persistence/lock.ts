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

/** A file that says which process uses another file. */
export interface Lock {
  release(): void
}

const TOUCH_MS = 2_000
/** A holder that has not touched its lock for so long is gone, and its pid is somebody else's. */
const STALE_MS = 10_000

/** Takes a lock, also from a process that was killed; held by a running one: throws. */
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

/** The process that holds a lock; null: nobody does, or nobody does any more. */
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
