import type { Clock } from '../clock.ts'

/** Lets one after the other through, at most so many a second. */
export interface Pace {
  turn(): Promise<void>
  /** How many asked for a turn. */
  readonly turns: number
}

/** Time that passes while it sleeps counts as passed, whatever the clock says. */
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
