import { performance } from 'node:perf_hooks'

/** Where time comes from. The one place in core that reads the system's clocks. */
export interface Clock {
  /** The date and time. The operator or NTP may set it back or forth. */
  now(): Date
  /** Milliseconds since some instant of this process. Nothing sets it back: it measures how long something took. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
}

/** A clock that stands still until it is set: for tests. */
export class ManualClock implements Clock {
  #now: Date
  #passedMs = 0

  constructor(start: Date | string) {
    this.#now = new Date(start)
  }

  now(): Date {
    return new Date(this.#now)
  }

  monotonicMs(): number {
    return this.#passedMs
  }

  /** Somebody sets the clock: no time passes. */
  set(instant: Date | string): void {
    this.#now = new Date(instant)
  }

  /** Time passes. */
  advance(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms)
    this.#passedMs += ms
  }
}
