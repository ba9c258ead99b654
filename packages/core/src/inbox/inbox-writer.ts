import type { Clock } from '../clock.ts'
import type { Database } from '../database/index.ts'
import { GroupCommit } from '../database/index.ts'
import { TollgateError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { ReceivedEvent } from './event-store.ts'
import { storeEvents } from './event-store.ts'
import { Notifier } from './notifier.ts'

/** How many events a statement takes. */
const BATCH_EVENTS = 32
/** How many statements a process may have under way at once: the next is read while one becomes durable. */
const LANES = 2
/** How many events may wait. Beyond it a webhook is answered 503, and Stripe sends it again. */
const MAX_WAITING = 2_000

/** How long an event may wait for its statement: Stripe waits about 20 s for the answer. */
const MAX_WAIT_MS = 8_000

/** Stores webhooks, those that arrive together in one statement, and tells workers afterwards. See `GroupCommit`. */
export class InboxWriter {
  readonly #notifier: Notifier
  readonly #queue: GroupCommit<ReceivedEvent, void>

  constructor({ db, clock, log }: { db: Database; clock: Clock; log: Logger }) {
    const notifier = new Notifier({ db, log })
    this.#notifier = notifier
    this.#queue = new GroupCommit({
      lanes: LANES,
      batchSize: BATCH_EVENTS,
      maxWaiting: MAX_WAITING,
      async write(events) {
        notifier.add(await storeEvents(db.pool, { events, now: clock.now() }))
        return events.map(() => undefined)
      },
      maxWaitMs: MAX_WAIT_MS,
      full: tooMany,
      late: tooMany,
      failed: (error) => (error instanceof Error ? error : new Error(String(error))),
    })
  }

  /**
   * Stores an event, once. From then on it waits for a worker, unless it is ignored. Durable when it resolves. Throws
   * UNAVAILABLE where too many wait or it waits too long, and what the database throws.
   */
  async store(received: ReceivedEvent): Promise<void> {
    await this.#queue.submit([received])
  }

  /** Resolves once every event that was given is stored or refused, and workers have been told. */
  async drain(): Promise<void> {
    await this.#queue.drain()
    await this.#notifier.flush()
  }
}

function tooMany(): TollgateError {
  const message = 'Too many webhooks are waiting to be stored; try again in a moment.'
  return new TollgateError('UNAVAILABLE', message, { retryAfterSeconds: 1 })
}
