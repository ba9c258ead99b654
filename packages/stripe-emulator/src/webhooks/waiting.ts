/** Deliveries that are to be sent later. Waiting for them keeps no process alive. */
export class Waiting {
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #due: (id: string) => void

  constructor(due: (id: string) => void) {
    this.#due = due
  }

  get size(): number {
    return this.#timers.size
  }

  /** Sends one after a pause; the pause of one that waits already begins anew. */
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

  /** Ends all pauses, and tells who waited, in the order they began to. */
  takeAll(): string[] {
    const ids = [...this.#timers.keys()]
    for (const id of ids) this.remove(id)
    return ids
  }
}
