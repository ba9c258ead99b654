import type { Clock } from '../clock.ts'

const SECOND_MS = 1_000

/** Allows a number of requests within any second; rejected ones do not count. */
export class RateLimit {
  /** Requests a second; null: no limit. */
  perSecond: number | null
  readonly #clock: Clock
  #passed: number[] = []

  /** `clock` is the base clock, so that advancing the emulator's time allows no more requests. */
  constructor(perSecond: number | null, clock: Clock) {
    if (perSecond !== null && !(Number.isInteger(perSecond) && perSecond > 0)) {
      throw new Error(`rateLimit must be a whole number above 0, not ${perSecond}`)
    }
    this.perSecond = perSecond
    this.#clock = clock
  }

  /** Whether one more request is allowed now; if so, it is counted. */
  allows(): boolean {
    if (this.perSecond === null) return true
    const now = this.#clock.now().getTime()
    this.#passed = this.#passed.filter((instant) => instant > now - SECOND_MS)
    if (this.#passed.length >= this.perSecond) return false
    this.#passed.push(now)
    return true
  }
}
