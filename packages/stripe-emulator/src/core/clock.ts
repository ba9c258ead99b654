/** Where the emulator reads the time. */
export interface Clock {
  now(): Date
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => new Date() }

/** Whole seconds since 1970, as Stripe counts. */
export function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

/** The instant of a number of whole seconds since 1970. */
export function fromSeconds(seconds: number): Date {
  return new Date(seconds * 1000)
}

/**
 * The emulator's own clock: a base clock plus an offset that only grows, and that can be held
 * still at an instant while the work due at that instant runs.
 */
export class VirtualClock implements Clock {
  readonly #base: Clock
  #offsetMs = 0
  #held: number | null = null

  constructor(base: Clock) {
    this.#base = base
  }

  now(): Date {
    return new Date(this.#held ?? this.#base.now().getTime() + this.#offsetMs)
  }

  get offsetMs(): number {
    return this.#offsetMs
  }

  /** Sets the distance to the base clock, in milliseconds (used when state is loaded). */
  setOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs
  }

  /** Lets the clock go on from `instant`; an earlier instant than now leaves it as it is. */
  moveTo(instant: Date): void {
    this.#held = null
    const ahead = instant.getTime() - this.now().getTime()
    if (ahead > 0) this.#offsetMs += ahead
  }

  /** Runs `work` with the clock standing still at `seconds`. */
  holdAt<T>(seconds: number, work: () => T): T {
    this.#held = seconds * 1000
    try {
      return work()
    } finally {
      this.#held = null
    }
  }
}
