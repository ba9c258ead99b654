import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/index.ts'
import { isAboutData } from '../database/index.ts'
import type { Logger } from '../log.ts'
import type { ReceivedEvent } from './event-store.ts'
import { storeEvents } from './event-store.ts'
import { Notifier } from './notifier.ts'

/** How many events a statement takes. */
const BATCH_EVENTS = 32
/** How many statements a process may have under way at once: the next is read while one becomes durable. */
const LANES = 2

interface Unit {
  received: ReceivedEvent
  resolve(): void
  reject(error: unknown): void
}

/**
 * Joins webhooks that arrive together into one statement; one that is alone waits for nothing. A webhook is answered when
 * it is durable, and not before; workers are told afterwards.
 */
export class InboxWriter {
  readonly #db: Database
  readonly #clock: Clock
  readonly #notifier: Notifier
  readonly #waiting: Unit[] = []
  readonly #running = new Set<Promise<void>>()

  constructor({ db, clock, log }: { db: Database; clock: Clock; log: Logger }) {
    this.#db = db
    this.#clock = clock
    this.#notifier = new Notifier({ db, log })
  }

  /** Stores an event, once; from then on it waits for a worker, unless it is ignored. Throws what the database throws. */
  store(received: ReceivedEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ received, resolve, reject })
      this.#startLanes()
    })
  }

  /** Resolves once every event that was given has its answer, and workers have been told. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
    await this.#notifier.flush()
  }

  #startLanes(): void {
    while (this.#waiting.length > 0 && this.#running.size < LANES) {
      // Webhooks of the same turn of the event loop share a statement.
      const lane: Promise<void> = endOfTurn()
        .then(() => this.#write(this.#waiting.splice(0, BATCH_EVENTS)))
        .finally(() => {
          this.#running.delete(lane)
          this.#startLanes()
        })
      this.#running.add(lane)
    }
  }

  async #write(units: readonly Unit[]): Promise<void> {
    if (units.length === 0) return
    try {
      await this.#store(units.map(({ received }) => received))
      for (const { resolve } of units) resolve()
    } catch (error) {
      const [unit] = units
      if (units.length === 1) unit?.reject(error)
      // One event that PostgreSQL refuses must not fail those that came with it.
      else if (isAboutData(error)) for (const each of units) await this.#write([each])
      else for (const { reject } of units) reject(error)
    }
  }

  async #store(events: readonly ReceivedEvent[]): Promise<void> {
    this.#notifier.add(await storeEvents(this.#db.pool, { events, now: this.#clock.now() }))
  }
}
