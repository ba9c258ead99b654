import type { Clock } from '../clock.ts'

/** Spaces calls out, to at most so many a second. */
export interface Pace {
  /** Resolves when the next call may be made. */
  turn(): Promise<void>
  /** How many calls there were. */
  readonly turns: number
}

/** Time that it has slept counts as passed, also where the clock stands still, as in tests. */
export function createPace(
  { perSecond, clock }: { perSecond: number; clock: Clock },
  sleep: (ms: number) => Promise<unknown>,
): Pace {
  const pauseMs = 1_000 / perSecond
  let last = Number.NEGATIVE_INFINITY
  let queue = Promise.resolve()
  let turns = 0
  const next = async () => {
    const now = Math.max(clock.now().getTime(), last)
    const at = Math.max(now, last + pauseMs)
    if (at > now) await sleep(at - now)
    last = at
  }
  return {
    get turns() {
      return turns
    },
    turn() {
      turns += 1
      queue = queue.then(next)
      return queue
    },
  }
}
