import type { Database } from '../database/index.ts'
import type { Logger } from '../log.ts'
import { queueJobs } from './event-store.ts'

/** A burst is over when nothing has come for this long. */
const DEBOUNCE_MS = 25
/** No event waits longer than this for the end of a burst. */
const MAX_DELAY_MS = 1_000

/**
 * Queues the jobs of stored events once a burst is over: its webhooks are answered first, and each of its customers is
 * synced once. All that it holds is in the inbox too, so where this process ends early, a worker finds the events.
 */
export class Notifier {
  readonly #db: Database
  readonly #log: Logger
  #waiting: string[] = []
  #timers: { debounce: NodeJS.Timeout; longest: NodeJS.Timeout } | null = null
  #queueing = Promise.resolve()

  constructor({ db, log }: { db: Database; log: Logger }) {
    this.#db = db
    this.#log = log
  }

  /** Takes the ids of events that have just been stored and are pending. */
  add(ids: readonly string[]): void {
    if (ids.length === 0) return
    this.#waiting.push(...ids)
    const flush = () => void this.flush()
    if (this.#timers) this.#timers.debounce.refresh()
    else {
      this.#timers = {
        debounce: setTimeout(flush, DEBOUNCE_MS),
        longest: setTimeout(flush, MAX_DELAY_MS),
      }
    }
  }

  /** Queues the jobs of all that it holds, now. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timers?.debounce)
    clearTimeout(this.#timers?.longest)
    this.#timers = null
    const ids = this.#waiting.splice(0)
    if (ids.length > 0) this.#queueing = this.#queueing.then(() => this.#queue(ids))
    return this.#queueing
  }

  async #queue(ids: readonly string[]): Promise<void> {
    try {
      await queueJobs(this.#db.pool, ids)
    } catch (error) {
      const what = 'no jobs were queued for events; the workers will find them'
      this.#log.warn({ err: error, events: ids.length }, what)
    }
  }
}
