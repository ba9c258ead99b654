import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { v7 as uuidV7 } from 'uuid'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../database/index.ts'
import { GroupCommit, isAboutData, sqlState, WRITER_LANES } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { QuotaRules } from '../../quota/index.ts'
import type { CheckedCall } from '../usage.ts'
import { runBatch } from './batch.ts'
import type { Decision } from './decide.ts'
import { RefusalEvents } from './refusal-events.ts'

/** How many calls a batch takes, unless one request alone has more. */
const BATCH_CALLS = 256
/** How many calls may wait. Beyond it callers get RATE_LIMITED, so that memory does not grow without bound. */
const MAX_WAITING = 20_000
/** How long a call may wait for its batch, which then takes as long as the database may take to answer. */
const MAX_WAIT_MS = 8_000
/** How often a batch that lost a race against another process starts again. */
const MAX_ATTEMPTS = 5

/** Random bytes are drawn for many ids at a time: one draw each costs more than the rest of the id. */
let pool = new Uint8Array(0)
let drawn = 0

function randomId(): Uint8Array {
  if (drawn === pool.length) {
    pool = new Uint8Array(randomBytes(16 * 1_024))
    drawn = 0
  }
  drawn += 16
  return pool.subarray(drawn - 16, drawn)
}

export interface WriterOptions {
  db: Database
  clock: Clock
  log: Logger
  rules: QuotaRules
}

/** Decides and records usage calls, those that arrive together in one transaction. See `GroupCommit`. */
export class UsageWriter {
  readonly #options: WriterOptions
  readonly #queue: GroupCommit<CheckedCall, Decision>
  readonly #refusals: RefusalEvents
  /** Whether the last batch met a key that had been used: then the next looks its keys up before it decides. */
  #meetsRepeats = false
  #sequence = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.#refusals = new RefusalEvents(options)
    this.#queue = new GroupCommit({
      lanes: WRITER_LANES,
      batchSize: BATCH_CALLS,
      maxWaiting: MAX_WAITING,
      write: (calls) => this.#write(calls),
      maxWaitMs: MAX_WAIT_MS,
      full: tooMany,
      late: () => away('waited too long for a batch'),
      failed: (error, calls) => {
        options.log.warn({ err: error, calls }, 'a batch of usage failed')
        return failure(error)
      },
    })
  }

  /** The decisions on calls of one request, in order, in one transaction. Throws RATE_LIMITED, UNAVAILABLE. */
  submit(calls: readonly CheckedCall[]): Promise<readonly Decision[]> {
    return this.#queue.submit(calls)
  }

  /** Resolves once every call that was submitted has its decision, and the events of refusals are written. */
  async drain(): Promise<void> {
    await this.#queue.drain()
    await this.#refusals.drain()
  }

  async #write(calls: readonly CheckedCall[]): Promise<Decision[]> {
    const { db, clock, rules } = this.#options
    for (let attempt = 1; ; attempt += 1) {
      const client = await db.writers.connect()
      let broken = true
      try {
        const now = clock.now()
        const nextId = () => this.#nextId(now.getTime())
        const lookUp = attempt > 1 || this.#meetsRepeats
        const input = { calls, now, rules, nextId, lookUp }
        const decisions = await runBatch(client, input)
        this.#meetsRepeats = decisions.some(
          (each) => each.kind === 'accepted' && (each.replayed || each.reopened),
        )
        broken = false
        this.#refusals.note(decisions)
        return decisions
      } catch (error) {
        // After any other failure the state of the connection is unknown: it is closed, not used again.
        broken = !isLostRace(error) || !(await rollBack(client))
        if (attempt === MAX_ATTEMPTS || broken) throw error
      } finally {
        client.release(broken)
      }
    }
  }

  #nextId(msecs: number): string {
    this.#sequence = (this.#sequence + 1) % 0x7fff_ffff
    return uuidV7({ msecs, seq: this.#sequence, random: randomId() })
  }
}

/** Another transaction took a key, or a deadlock was broken: the same calls again will see what happened. */
function isLostRace(error: unknown): boolean {
  return ['23505', '40P01', '40001'].includes(sqlState(error))
}

/** Whether it did; if not, the connection is not to be used again. */
function rollBack(client: pg.ClientBase): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  )
}

function tooMany(): TollgateError {
  const message = 'Too many usage calls are waiting; try again in a moment with the same key.'
  return new TollgateError('RATE_LIMITED', message, { retryAfterSeconds: 1 })
}

function failure(cause: unknown): TollgateError {
  if (isAboutData(cause)) {
    return new TollgateError('VALIDATION', 'The database refused this usage.', { cause })
  }
  return away(cause)
}

function away(cause: unknown): TollgateError {
  const message = 'The database is away; try again with the same key: nothing is counted twice.'
  return new TollgateError('UNAVAILABLE', message, { cause, retryAfterSeconds: 1 })
}
