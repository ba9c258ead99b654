import type { CollectionName } from '../documents.ts'
import { toSeconds, type VirtualClock } from './clock.ts'
import { Context, type RequestInfo, type Settings } from './context.ts'
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
  /** Makes a transaction durable; throwing undoes nothing any more. */
  persist: (changes: Change[]) => void
  /** Runs after each transaction that wrote something. */
  afterCommit: () => void
}

const NOBODY: RequestInfo = { id: null, idempotencyKey: null }

/** Runs everything that changes state: one transaction at a time, each durable before it answers. */
export class Engine {
  readonly #parts: EngineParts
  #advancing = false

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  get clock(): VirtualClock {
    return this.#parts.clock
  }

  /** Runs `work` as one transaction: all of its writes, on disk, or none. */
  transact<T>(work: (ctx: Context) => T, request: RequestInfo = NOBODY): T {
    const { store, settings, clock } = this.#parts
    const ctx = new Context({ store, settings, request, now: toSeconds(clock.now()) })
    let result: T
    try {
      result = work(ctx)
      this.#parts.beforeCommit(ctx)
    } catch (error) {
      store.rollbackTo(0)
      store.commit()
      throw error
    }
    const changes = store.commit()
    if (changes.length > 0) {
      this.#parts.persist(changes)
      this.#parts.afterCommit()
    }
    return result
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
    this.clock.moveTo(instant)
    this.transact((ctx) => ctx.store.put('clock', { id: 'main', offsetMs: this.clock.offsetMs }))
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
