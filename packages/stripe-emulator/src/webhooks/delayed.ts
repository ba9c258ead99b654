/** Deliveries that are sent after a delay. The timers do not keep the process alive. */
export class DelayedDeliveries {
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #due: (id: string) => void

  constructor(due: (id: string) => void) {
    this.#due = due
  }

  get size(): number {
    return this.#timers.size
  }

  /** Sends a delivery after a delay; replaces the delay of one that already waits. */
  add(id: string, delayMs: number): void {
    this.remove(id)
    const timer = setTimeout(() => {
      this.#timers.delete(id)
      this.#due(id)
    }, delayMs)
    this.#timers.set(id, timer.unref())
  }

  remove(id: string): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
  }

  /** Cancels all delays and returns the deliveries, in the order they were added. */
  takeAll(): string[] {
    const ids = [...this.#timers.keys()]
    for (const id of ids) this.remove(id)
    return ids
  }
}
