import type { Clock } from '../../clock.ts'

/** Lets one after the other through, at most so many a second. */
export interface Pace {
  turn(): Promise<void>
  /** How many were let through. */
  readonly turns: number
}

/** Time that passes while it sleeps counts as passed, whatever the clock says. */
export function createPace(
  { perSecond, clock }: { perSecond: number; clock: Clock },
  sleep: (ms: number) => Promise<unknown>,
): Pace {
  const pauseMs = 1_000 / perSecond
  let last = Number.NEGATIVE_INFINITY
  let turns = 0
  return {
    get turns() {
      return turns
    },
    async turn() {
      turns += 1
      const now = Math.max(clock.now().getTime(), last)
      const next = Math.max(now, last + pauseMs)
      last = next
      if (next > now) await sleep(next - now)
    },
  }
}
