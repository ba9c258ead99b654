import type { Running } from './programs.ts'

/** A program that can be replaced by a new run of itself. `ended` tells only of an end that nobody asked for. */
export class Restartable implements Running {
  readonly ended: Promise<string>
  readonly #start: () => Running
  #current: Running
  #end: (how: string) => void = () => undefined

  constructor(start: () => Running) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#start = start
    this.#current = this.#follow(start())
  }

  get name(): string {
    return this.#current.name
  }

  /** Stops the run of now, waits for its end, and starts another; returns that. */
  async restart(): Promise<Running> {
    const before = this.#current
    const gone = new Promise<string>(() => undefined)
    this.#current = { name: before.name, ended: gone, stop: before.stop }
    await before.stop()
    this.#current = this.#follow(this.#start())
    return this.#current
  }

  stop(): Promise<void> {
    return this.#current.stop()
  }

  #follow(running: Running): Running {
    void running.ended.then((how) => {
      if (running === this.#current) this.#end(how)
    })
    return running
  }
}
