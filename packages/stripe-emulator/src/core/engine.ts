import type { CollectionName } from '../documents.ts'
import type { VirtualClock } from './clock.ts'
import { toSeconds } from './clock.ts'
import type { RequestInfo, Settings } from './context.ts'
import { Context } from './context.ts'
import type { Change, Store } from './store.ts'
import { MAIN_TIMELINE } from './table.ts'

/** What to do with a document whose time has come. It must move the document's due time. */
export type DueWork = Partial<Record<CollectionName, (ctx: Context, id: string) => void>>

export interface EngineParts {
  store: Store
  clock: VirtualClock
  settings: Settings
  dueWork: DueWork
  /** Runs when a test clock has reached its goal. */
  clockArrived: (ctx: Context, testClock: string) => void
  /** Runs inside each transaction, last. */
  beforeCommit: (ctx: Context) => void
  /** Writes a transaction down; throwing undoes it. */
  persist: (changes: readonly Change[]) => void
  /** Resolves once everything that was written down is safe from a power cut; null: it is. */
  durable: () => Promise<void> | null
  /** Runs after each transaction that wrote something. */
  afterCommit: () => void
}

const NOBODY: RequestInfo = { id: null, idempotencyKey: null }

/** Runs everything that changes state: one transaction at a time, each written down at once. */
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
  transact<T>(work: (ctx: Context) => T, request: RequestInfo = NOBODY): T {
    const { store, settings, clock } = this.#parts
    const ctx = new Context({ store, settings, request, now: toSeconds(clock.now()) })
    let result: T
    let changes: Change[]
    try {
      result = work(ctx)
      this.#parts.beforeCommit(ctx)
      changes = store.changes()
      if (changes.length > 0) this.#parts.persist(changes)
    } catch (error) {
      store.rollbackTo(0)
      throw error
    }
    store.commit()
    if (changes.length > 0) this.#parts.afterCommit()
    return result
  }

  /** What was done so far is safe from a power cut when this resolves; with no data file at once. */
  durable(): Promise<void> | null {
    return this.#parts.durable()
  }

  /** Does what has become due by now, in order, and takes advancing test clocks to their goal. */
  catchUp(): void {
    if (this.#advancing) return
    this.#runDue(MAIN_TIMELINE, toSeconds(this.clock.now()))
    const advancing = { index: 'status', key: 'advancing' }
    for (const clock of this.#parts.store.find('test_clocks', advancing)) {
      const goal = clock.status_details.advancing?.target_frozen_time ?? clock.frozen_time
      this.#runDue(clock.id, goal)
      this.transact((ctx) => {
        ctx.patch('test_clocks', clock.id, { frozen_time: goal })
        this.#parts.clockArrived(ctx, clock.id)
      })
    }
  }

  /** Moves the main time forward to `instant`, doing on the way what becomes due, in order. */
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
      const agenda = this.#parts.store.agenda(timeline)
      for (let next = agenda.peek(); next && next.at <= until; next = agenda.peek()) {
        this.#runOne(timeline, next)
        if (agenda.peek() === next) throw new Error(`due work on ${next.id} did not move on`)
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
    if (timeline === MAIN_TIMELINE) this.clock.holdAt(due.at, run)
    else run()
  }
}
