import type { CollectionName } from '../documents.ts'
import type { VirtualClock } from './clock.ts'
import { toSeconds } from './clock.ts'
import type { RequestInfo, Settings } from './context.ts'
import { Context } from './context.ts'
import type { Change, DocumentRecord, Store } from './store/store.ts'
import { MAIN_TIMELINE } from './store/table.ts'

/** What to do with a document that is due, by collection. It must change the document's due time. */
export type DueWork = Partial<Record<CollectionName, (ctx: Context, id: string) => void>>

export interface EngineParts {
  store: Store
  clock: VirtualClock
  settings: Settings
  dueWork: DueWork
  /** Runs when a test clock has reached the time it was advanced to. */
  onTestClockReady: (ctx: Context, testClock: string) => void
  /** Runs inside each transaction, just before it is committed. */
  beforeCommit: (ctx: Context) => void
  /** Writes a transaction to the data file and returns where its documents are; throwing rolls it back. */
  persist: (changes: readonly Change[]) => readonly DocumentRecord[] | undefined
  /** Resolves once everything written so far survives a power cut; null: it already does. */
  durable: () => Promise<void> | null
  /** Runs after each transaction that wrote something. */
  afterCommit: () => void
}

const NO_REQUEST: RequestInfo = { id: null, idempotencyKey: null }

/** Runs everything that changes state: one transaction at a time, each written to the data file. */
export class Engine {
  readonly #parts: EngineParts
  #advancing = false

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  get clock(): VirtualClock {
    return this.#parts.clock
  }

  /** Runs `work` as one transaction: all of its writes, in the data file too, or none. */
  transact<T>(work: (ctx: Context) => T, request: RequestInfo = NO_REQUEST): T {
    const { store, settings, clock } = this.#parts
    const ctx = new Context({ store, settings, request, now: toSeconds(clock.now()) })
    let result: T
    let changes: Change[]
    let records: readonly DocumentRecord[] | undefined
    try {
      result = work(ctx)
      this.#parts.beforeCommit(ctx)
      changes = store.changes()
      if (changes.length > 0) records = this.#parts.persist(changes)
    } catch (error) {
      store.rollbackTo(0)
      throw error
    }
    store.commit(changes, records)
    if (changes.length > 0) this.#parts.afterCommit()
    return result
  }

  /** Resolves when everything done so far survives a power cut; null: it already does, or there is no data file. */
  durable(): Promise<void> | null {
    return this.#parts.durable()
  }

  /** Runs all work that is due by now, in order, and completes the advance of test clocks. */
  catchUp(): void {
    if (this.#advancing) return
    this.#runDue(MAIN_TIMELINE, toSeconds(this.clock.now()))
    const advancing = { index: 'status', key: 'advancing' }
    for (const clock of this.#parts.store.find('test_clocks', advancing)) {
      const target = clock.status_details.advancing?.target_frozen_time ?? clock.frozen_time
      this.#runDue(clock.id, target)
      this.transact((ctx) => {
        ctx.patch('test_clocks', clock.id, { frozen_time: target })
        this.#parts.onTestClockReady(ctx, clock.id)
      })
    }
  }

  /** Moves the main time forward to `instant` and runs the work that becomes due on the way, in order. */
  advanceTo(instant: Date): void {
    this.#runDue(MAIN_TIMELINE, toSeconds(instant))
    const before = this.clock.offsetMs
    this.clock.moveTo(instant)
    try {
      this.transact((ctx) => ctx.store.put('clock', { id: 'main', offsetMs: this.clock.offsetMs }))
    } catch (error) {
      this.clock.setOffset(before)
      throw error
    }
  }

  #runDue(timeline: string, until: number): void {
    this.#advancing = true
    try {
      const dueQueue = this.#parts.store.dueQueue(timeline)
      for (let next = dueQueue.peek(); next && next.at <= until; next = dueQueue.peek()) {
        this.#runOne(timeline, next)
        if (dueQueue.peek() === next)
          throw new Error(`due work did not change when ${next.id} is due`)
      }
    } finally {
      this.#advancing = false
    }
  }

  #runOne(timeline: string, due: { at: number; collection: CollectionName; id: string }): void {
    const work = this.#parts.dueWork[due.collection]
    if (work === undefined) throw new Error(`no due work for ${due.collection}`)
    const run = () =>
      this.transact((ctx) => {
        if (timeline !== MAIN_TIMELINE) ctx.patch('test_clocks', timeline, { frozen_time: due.at })
        work(ctx, due.id)
      })
    if (timeline === MAIN_TIMELINE) this.clock.freezeAt(due.at, run)
    else run()
  }
}
