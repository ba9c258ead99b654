import type { Clock } from '../../clock.ts'
import type { Database } from '../../database/index.ts'
import { inTransaction } from '../../database/index.ts'
import type { Logger } from '../../log.ts'
import type { OutgoingEvent } from '../../outgoing/index.ts'
import { appendEvents, onceKey } from '../../outgoing/index.ts'
import { counterKey } from '../ledger/counter-store.ts'
import type { Decision } from './decide.ts'

/** How many windows with a refusal a process remembers, so that it asks the database about each once. */
const MAX_KNOWN = 20_000
/** How many events may wait to be written, and how many a transaction takes. */
const MAX_WAITING = 1_000
const MOST_AT_ONCE = 100

/**
 * Writes `quota.exceeded` for the first refusal of a window, after the caller has the result: a refusal writes nothing
 * and waits for nothing. An event that could not be written is written by the next refusal of its window.
 */
export class RefusalEvents {
  readonly #options: { db: Database; clock: Clock; log: Logger }
  readonly #known = new Set<string>()
  #waiting: { key: string; event: OutgoingEvent }[] = []
  #running: Promise<void> | null = null

  constructor(options: { db: Database; clock: Clock; log: Logger }) {
    this.#options = options
  }

  /** Notes those of the decisions that are refusals for lack of quota. Never throws. */
  note(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.kind !== 'refused' || decision.refusal !== 'quota_exceeded') continue
      const key = counterKey(decision.key)
      if (this.#known.has(key) || this.#waiting.length >= MAX_WAITING) continue
      if (this.#known.size >= MAX_KNOWN) this.#known.clear()
      this.#known.add(key)
      this.#waiting.push({ key, event: toEvent(decision) })
    }
    if (this.#waiting.length > 0) this.#running ??= this.#writeAll()
  }

  /** Resolves once what was noted is written, or could not be. */
  async drain(): Promise<void> {
    while (this.#running !== null) await this.#running
  }

  async #writeAll(): Promise<void> {
    const { db, clock, log } = this.#options
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_AT_ONCE)
      try {
        const events = batch.map(({ event }) => event)
        await inTransaction(db.pool, (tx) => appendEvents(tx, events, clock.now()))
      } catch (error) {
        log.warn({ err: error, events: batch.length }, 'events of refusals were not written')
        for (const { key } of batch) this.#known.delete(key)
      }
    }
    this.#running = null
  }
}

function toEvent({ key, amount, balance }: Extract<Decision, { kind: 'refused' }>): OutgoingEvent {
  const { userId, meter, period } = key
  return {
    userId,
    type: 'quota.exceeded',
    data: { amount, balance },
    once: onceKey('quota.exceeded', meter, period),
  }
}
