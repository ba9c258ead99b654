import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../database/index.ts'
import { isAboutData } from '../../database/index.ts'
import type { ReceivedEvent } from './event-store.ts'
import { storeEvents } from './event-store.ts'

/** How many events a statement takes. */
const BATCH_EVENTS = 100

interface Unit {
  received: ReceivedEvent
  resolve(): void
  reject(error: unknown): void
}

/**
 * Joins webhooks that arrive together into one statement; one that is alone waits for nothing. A webhook is answered when
 * it is durable, and not before. One statement at a time: what comes meanwhile makes the next one.
 */
export class InboxWriter {
  readonly #db: Database
  readonly #clock: Clock
  readonly #waiting: Unit[] = []
  #writing: Promise<void> | null = null

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  /** Stores an event, once, and queues what it asks for; both or neither. Throws what the database throws. */
  store(received: ReceivedEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ received, resolve, reject })
      this.#start()
    })
  }

  /** Resolves once every event that was given has its answer. */
  async drain(): Promise<void> {
    while (this.#writing !== null) await this.#writing
  }

  /** Resolves when no webhook waits for its answer, at the latest after so long. */
  async quiet(maxMs: number): Promise<void> {
    if (!this.#writing) return
    const over = new AbortController()
    const timer = sleep(maxMs, undefined, { signal: over.signal }).catch(() => undefined)
    await Promise.race([this.drain(), timer])
    over.abort()
  }

  #start(): void {
    if (this.#writing || this.#waiting.length === 0) return
    // Webhooks of the same turn of the event loop share the first statement.
    this.#writing = Promise.resolve()
      .then(() => this.#write(this.#waiting.splice(0, BATCH_EVENTS)))
      .finally(() => {
        this.#writing = null
        this.#start()
      })
  }

  async #write(units: readonly Unit[]): Promise<void> {
    try {
      await this.#store(units)
      for (const { resolve } of units) resolve()
    } catch (error) {
      const [unit] = units
      if (units.length === 1) unit?.reject(error)
      // One event that PostgreSQL refuses must not fail those that came with it.
      else if (isAboutData(error)) for (const each of units) await this.#write([each])
      else for (const { reject } of units) reject(error)
    }
  }

  #store(units: readonly Unit[]): Promise<void> {
    const events = units.map(({ received }) => received)
    return storeEvents(this.#db.pool, { events, now: this.#clock.now() })
  }
}
