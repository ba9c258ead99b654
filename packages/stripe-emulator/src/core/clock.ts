/** The source of the current time. */
export interface Clock {
  now(): Date
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() }

/** Whole seconds since 1970, as Stripe counts. */
export function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

/** Whole seconds since 1970 as the v2 API writes an instant: `2026-11-10T18:29:24.000Z`. */
export function isoTime(seconds: number): string {
  return fromSeconds(seconds).toISOString()
}

/** Whole seconds since 1970 of an instant as the v2 API writes it; null: it is none. */
export function secondsOf(iso: string): number | null {
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(iso)
  const milliseconds = isInstant ? Date.parse(iso) : Number.NaN
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}

/** The instant of a number of whole seconds since 1970. */
export function fromSeconds(seconds: number): Date {
  return new Date(seconds * 1000)
}

/**
 * The emulator's own clock: a base clock plus an offset that only grows. It can be frozen at an instant
 * while the work due at that instant runs.
 */
export class VirtualClock implements Clock {
  readonly #base: Clock
  #offsetMs = 0
  #frozen: number | null = null

  constructor(base: Clock) {
    this.#base = base
  }

  now(): Date {
    return new Date(this.#frozen ?? this.#base.now().getTime() + this.#offsetMs)
  }

  get offsetMs(): number {
    return this.#offsetMs
  }

  /** Sets the offset from the base clock, in milliseconds (used when state is loaded). */
  setOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs
  }

  /** Moves the clock forward to `instant`; an instant before now changes nothing. */
  moveTo(instant: Date): void {
    this.#frozen = null
    const ahead = instant.getTime() - this.now().getTime()
    if (ahead > 0) this.#offsetMs += ahead
  }

  /** Runs `work` with the clock frozen at `seconds`. */
  freezeAt<T>(seconds: number, work: () => T): T {
    this.#frozen = seconds * 1000
    try {
      return work()
    } finally {
      this.#frozen = null
    }
  }
}
