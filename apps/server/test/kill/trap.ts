/**
 * Counts the steps of an operation that others can see (what Stripe did, what the database committed) and stops the world
 * at one of them: the effect has happened, and whoever asked for it never hears of it.
 */
export class Trap {
  #left = 0
  #sprung = false
  #spring: (step: string) => void = () => undefined
  #counts: (step: string) => boolean = () => true

  /** Resolves with the n-th step from now on, of those that count, when it has happened. */
  set(n: number, counts: (step: string) => boolean): Promise<string> {
    this.#left = n
    this.#counts = counts
    return new Promise((resolve) => {
      this.#spring = resolve
    })
  }

  /** Lets everything through again. */
  clear(): void {
    this.#left = 0
    this.#sprung = false
  }

  /** Told of a step; true: its answer must not go out. */
  holds(step: string): boolean {
    if (this.#sprung) return true
    if (this.#left === 0 || !this.#counts(step)) return false
    this.#left -= 1
    if (this.#left > 0) return false
    this.#sprung = true
    this.#spring(step)
    return true
  }
}
