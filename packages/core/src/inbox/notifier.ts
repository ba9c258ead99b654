import type { Database } from '../database/index.ts'
import type { Logger } from '../log.ts'
import { queueStored } from './event-store.ts'

/** None has come for so long: those that come close together have all come. */
const LULL_MS = 25
/** No event waits longer than this for those that may follow it. */
const LONGEST_MS = 1_000

/**
 * Tells workers of stored events once those that come close together have all come: a rush is answered before it is worked
 * off, and its customers are synced once. What it holds is in the inbox as well: where this process ends before it has
 * told, the workers find it by themselves.
 */
export class Relay {
  readonly #db: Database
  readonly #log: Logger
  #untold: string[] = []
  #timers: { lull: NodeJS.Timeout; longest: NodeJS.Timeout } | null = null
  #telling = Promise.resolve()

  constructor({ db, log }: { db: Database; log: Logger }) {
    this.#db = db
    this.#log = log
  }

  /** Takes the ids of events that have just been stored, and wait. */
  add(ids: readonly string[]): void {
    if (ids.length === 0) return
    this.#untold.push(...ids)
    const tell = () => void this.flush()
    if (this.#timers) this.#timers.lull.refresh()
    else this.#timers = { lull: setTimeout(tell, LULL_MS), longest: setTimeout(tell, LONGEST_MS) }
  }

  /** Tells of all that it holds, now. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timers?.lull)
    clearTimeout(this.#timers?.longest)
    this.#timers = null
    const ids = this.#untold.splice(0)
    if (ids.length > 0) this.#telling = this.#telling.then(() => this.#tell(ids))
    return this.#telling
  }

  async #tell(ids: readonly string[]): Promise<void> {
    try {
      await queueStored(this.#db.pool, ids)
    } catch (error) {
      const what = 'workers were not told of events; they find them by themselves'
      this.#log.warn({ err: error, events: ids.length }, what)
    }
  }
}
