import { randomBytes } from 'node:crypto'
import { setImmediate as endOfTurn } from 'node:timers/promises'
import { v7 as uuidV7 } from 'uuid'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../database/index.ts'
import { isAboutData, sqlState, WRITER_LANES } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { UsageCall } from '../usage.ts'
import { runBatch } from './batch.ts'
import type { Decision } from './decide.ts'

/** How many calls a batch takes, unless one request alone has more. */
const BATCH_CALLS = 256
/** How many calls may wait; beyond it callers are told to come back rather than memory to grow. */
const MAX_WAITING = 20_000
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
  pastDueGraceDays: number
}

interface Unit {
  calls: readonly UsageCall[]
  resolve(decisions: Decision[]): void
  reject(error: unknown): void
}

/**
 * Joins calls that arrive together into one transaction; a call that is alone waits for nothing. It holds
 * nothing that a crash could lose: a caller is answered when its effect is durable, and not before.
 */
export class UsageWriter {
  readonly #options: WriterOptions
  readonly #waiting: Unit[] = []
  readonly #running = new Set<Promise<void>>()
  #waitingCalls = 0
  /** Whether the last batch met a key that had been used: then the next looks its keys up before it decides. */
  #meetsRepeats = false
  #sequence = 0

  constructor(options: WriterOptions) {
    this.#options = options
  }

  /** The decisions on calls of one request, in order, in one transaction. Throws RATE_LIMITED, UNAVAILABLE. */
  submit(calls: readonly UsageCall[]): Promise<Decision[]> {
    if (this.#waitingCalls + calls.length > MAX_WAITING) {
      const message = 'Too many usage calls are waiting; try again in a moment with the same key.'
      return Promise.reject(new TollgateError('RATE_LIMITED', message, { retryAfterSeconds: 1 }))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ calls, resolve, reject })
      this.#waitingCalls += calls.length
      this.#startLanes()
    })
  }

  /** Resolves once every call that was submitted has its answer. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #startLanes(): void {
    while (this.#waiting.length > 0 && this.#running.size < WRITER_LANES) {
      // Callers of the same turn of the event loop share a batch: those who were just answered and call again, too.
      const lane: Promise<void> = endOfTurn()
        .then(() => this.#writeNext())
        .finally(() => {
          this.#running.delete(lane)
          this.#startLanes()
        })
      this.#running.add(lane)
    }
  }

  async #writeNext(): Promise<void> {
    const units = this.#take()
    if (units.length === 0) return
    try {
      await this.#write(units)
    } catch (error) {
      const lone = units.length === 1
      if (!lone && isAboutData(error)) {
        // One item that PostgreSQL refuses must not fail the others that travelled with it.
        for (const unit of units)
          await this.#write([unit]).catch((own) => unit.reject(failure(own)))
        return
      }
      this.#options.log.warn({ err: error, calls: units.length }, 'a batch of usage failed')
      for (const unit of units) unit.reject(failure(error))
    }
  }

  #take(): Unit[] {
    const units: Unit[] = []
    let calls = 0
    for (let unit = this.#waiting[0]; unit; unit = this.#waiting[0]) {
      if (units.length > 0 && calls + unit.calls.length > BATCH_CALLS) break
      this.#waiting.shift()
      units.push(unit)
      calls += unit.calls.length
    }
    this.#waitingCalls -= calls
    return units
  }

  async #write(units: Unit[]): Promise<void> {
    const calls = units.flatMap((unit) => unit.calls)
    const decisions = await this.#attempt(calls)
    let from = 0
    for (const unit of units) {
      unit.resolve(decisions.slice(from, from + unit.calls.length))
      from += unit.calls.length
    }
  }

  async #attempt(calls: readonly UsageCall[]): Promise<Decision[]> {
    const { db, clock, pastDueGraceDays } = this.#options
    for (let attempt = 1; ; attempt += 1) {
      const client = await db.writers.connect()
      let broken = true
      try {
        const now = clock.now()
        const nextId = () => this.#nextId(now.getTime())
        const lookUp = attempt > 1 || this.#meetsRepeats
        const input = { calls, now, pastDueGraceDays, nextId, lookUp }
        const decisions = await runBatch(client, input)
        this.#meetsRepeats = decisions.some((each) => each.kind === 'accepted' && each.replayed)
        broken = false
        return decisions
      } catch (error) {
        // After another failure nobody knows what the connection still answers: it is closed, not used again.
        broken = !isLostRace(error)
        if (!broken) await client.query('ROLLBACK')
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

/** Somebody else took a key, or a deadlock was broken: the same calls again will see what happened. */
function isLostRace(error: unknown): boolean {
  return ['23505', '40P01', '40001'].includes(sqlState(error))
}

function failure(cause: unknown): TollgateError {
  if (isAboutData(cause)) {
    return new TollgateError('VALIDATION', 'The database refused this usage.', { cause })
  }
  const message = 'The database is away; try again with the same key: nothing is counted twice.'
  return new TollgateError('UNAVAILABLE', message, { cause, retryAfterSeconds: 1 })
}
