import type { Clock } from '../clock.ts'

const SECOND_MS = 1_000

/** Lets so many requests pass within any second; refused ones do not count. */
export class RateLimit {
  /** Requests a second; null: no limit. */
  perSecond: number | null
  readonly #clock: Clock
  #passed: number[] = []

  /** The clock is that of the callers: moving the virtual time gives nobody more requests. */
  constructor(perSecond: number | null, clock: Clock) {
    if (perSecond !== null && !(Number.isInteger(perSecond) && perSecond > 0)) {
      throw new Error(`rateLimit must be a whole number above 0, not ${perSecond}`)
    }
    this.perSecond = perSecond
    this.#clock = clock
  }

  /** Whether one more request may pass now; if so, it is counted. */
  admits(): boolean {
    if (this.perSecond === null) return true
    const now = this.#clock.now().getTime()
    this.#passed = this.#passed.filter((instant) => instant > now - SECOND_MS)
    if (this.#passed.length >= this.perSecond) return false
    this.#passed.push(now)
    return true
  }
}
