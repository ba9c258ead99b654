import type pg from 'pg'
import { userNotFound } from '../../errors.ts'
import { armedThresholds } from '../../outgoing/index.ts'
import type { QuotaRules } from '../../quota/index.ts'
import { entitlementAt, NOTHING_BEYOND } from '../../quota/index.ts'
import type { CounterChange, CounterKey, LockedCounter } from '../ledger/counter-store.ts'
import {
  changeCounters,
  counterKey,
  createCounters,
  expireReservations,
  inKeyOrder,
  lockCounters,
} from '../ledger/counter-store.ts'
import type { KnownEntry } from '../ledger/ledger-store.ts'
import { findEntries, insertEntries, reopenEntries } from '../ledger/ledger-store.ts'
import { openSources, sourcesOf, writeSources } from '../ledger/open-sources.ts'
import type { CheckedCall, LedgerEntry, UsageCall } from '../usage.ts'
import type { Decision, OpenCounter } from './decide.ts'
import { decide } from './decide.ts'
import { isPlaced, placeCalls } from './place-calls.ts'
import type { WatchedCounter } from './reached.ts'
import { writeReached } from './reached.ts'
import type { Sources } from './sources.ts'
import { copySources } from './sources.ts'

export interface BatchInput {
  calls: readonly CheckedCall[]
  now: Date
  rules: QuotaRules
  /** Ids for new ledger rows; ascending, so that a list by id is a list by time. */
  nextId: () => string
  /** Whether to look the keys up first; else they are taken for new ones, which the ledger then confirms. */
  lookUp: boolean
}

/**
 * One transaction for calls that arrived together: lock and read their counters, decide each as if alone and in
 * order, write ledger and counters, commit. Returns the decisions in the order of the calls once they are durable. Throws,
 * and has written nothing, where a key was used before (23505) or the database failed. Running it again is safe, and
 * with `lookUp` it finds what the key did.
 */
export async function runBatch(db: pg.ClientBase, checked: BatchInput): Promise<Decision[]> {
  const input = { ...checked, calls: await placeCalls(db, checked) }
  const placed = input.calls.filter(isPlaced)
  let others: readonly CounterKey[] = []
  for (let attempt = 1; attempt <= MAX_LOCKS; attempt += 1) {
    const keys = [...countersOf([...placed, ...others])].toSorted(inKeyOrder)
    const counters = await openCounters(db, await lockOrCreate(db, keys, input), input)
    const expired = await openSources(db, counters.values(), input)
    const decided =
      expired.length > 0 ? { unlocked: expired } : await decideAll(db, input, counters)
    if ('decisions' in decided) {
      await write(db, decided, input.now)
      return decided.decisions
    }
    await db.query('ROLLBACK')
    others = [...others, ...decided.unlocked]
  }
  throw new Error('a batch needed the lock of one more counter again and again')
}

/** How often a batch may find that it needs the lock of one more counter. */
const MAX_LOCKS = 4

async function lockOrCreate(
  db: pg.ClientBase,
  keys: readonly CounterKey[],
  input: BatchInput,
): Promise<LockedCounter[]> {
  const locked = await lock(db, keys, input)
  if (locked.length === keys.length) return locked
  await db.query('ROLLBACK')
  await createCounters(db, keys)
  return lock(db, keys, input)
}

/** Opens the transaction with the locks. Sent together. */
async function lock(
  db: pg.ClientBase,
  keys: readonly CounterKey[],
  input: BatchInput,
): Promise<LockedCounter[]> {
  const [, locked] = await Promise.all([db.query('BEGIN'), lockCounters(db, keys, input)])
  return locked
}

/** Locked counters with the entitlement that holds now, and without the reservations that have expired. */
export async function openCounters(
  db: pg.ClientBase,
  locked: readonly LockedCounter[],
  { now, rules }: Pick<BatchInput, 'now' | 'rules'>,
): Promise<Map<string, OpenCounter>> {
  const counters = new Map<string, OpenCounter>()
  for (const row of locked) {
    const entitlement = entitlementAt(row, now, rules)
    counters.set(counterKey(row), {
      key: row,
      used: row.used,
      reserved: row.reserved,
      credited: row.credited,
      sold: row.sold,
      entitlement,
      hasGrants: row.hasGrants,
      hasOverage: row.hasOverage,
      expired: [],
      beyond: NOTHING_BEYOND,
      sources: null,
      changes: [],
      armed: armedThresholds(rules.alerts, entitlement, row.reached),
      alerts: [],
      events: [],
    })
  }
  const stale = locked.filter(({ nextExpiry }) => nextExpiry && nextExpiry <= now)
  if (stale.length > 0) {
    for (const row of await expireReservations(db, stale, now)) {
      const counter = counters.get(counterKey(row))
      if (!counter) continue
      const { reserved, credited, sold, expired } = row
      Object.assign(counter, { reserved, credited, sold, expired })
    }
  }
  return counters
}

interface Decided {
  decisions: Decision[]
  written: LedgerEntry[]
  reopened: LedgerEntry[]
  changes: CounterChange[][]
  sources: Sources[]
  watched: readonly WatchedCounter[]
}

/**
 * Closed reservations of another window may have to be opened again in this one. A settle locks the counter of their
 * window, so that has to be locked as well: those that are not yet are returned in place of decisions.
 */
async function decideAll(
  db: pg.ClientBase,
  input: BatchInput,
  counters: ReadonlyMap<string, OpenCounter>,
): Promise<Decided | { unlocked: CounterKey[] }> {
  if (!input.lookUp) {
    const decided = decideEach(input, counters, [])
    // The insert finds a used key of what was accepted only. A call that was not may be a repeat with a first result.
    if (decided.decisions.every(({ kind }) => kind === 'accepted')) return decided
  }
  const entries = await findEntries(db, input.calls, input.now)
  const unlocked = entries.filter((entry) => entry.isClosed && !counters.has(counterKey(entry)))
  return unlocked.length > 0 ? { unlocked } : decideEach(input, counters, entries)
}

function decideEach(
  { calls, nextId, now }: BatchInput,
  counters: ReadonlyMap<string, OpenCounter>,
  entries: readonly KnownEntry[],
): Decided {
  const open = copyCounters(counters)
  const ledger = new Map(entries.map((entry) => [ledgerKey(entry), entry]))
  const written: LedgerEntry[] = []
  const reopened: LedgerEntry[] = []
  const decisions = calls.map((call): Decision => {
    const counter = isPlaced(call) ? open.get(counterKey(call)) : undefined
    if (!isPlaced(call) || !counter) return { kind: 'failed', error: userNotFound(call.userId) }
    const key = ledgerKey(call)
    const decision = decide(call, { counter, before: ledger.get(key), id: nextId(), now })
    if (decision.kind === 'accepted' && !decision.replayed) {
      ledger.set(key, { ...decision.entry, isClosed: false })
      if (decision.reopened) reopened.push(decision.entry)
      else written.push(decision.entry)
    }
    return decision
  })
  const watched = [...open.values()]
  const changes = inRounds(watched)
  return { decisions, written, reopened, changes, sources: sourcesOf(watched), watched }
}

/** Decisions change counters and what their windows share. Those that have to be made again begin with these. */
function copyCounters(counters: ReadonlyMap<string, OpenCounter>): Map<string, OpenCounter> {
  const copies = new Map(sourcesOf(counters.values()).map((each) => [each, copySources(each)]))
  return new Map(
    [...counters].map(([key, counter]): [string, OpenCounter] => {
      const sources = (counter.sources && copies.get(counter.sources)) ?? null
      const beyond = sources ?? NOTHING_BEYOND
      return [key, { ...counter, sources, beyond, changes: [], alerts: [], events: [] }]
    }),
  )
}

async function write(
  db: pg.ClientBase,
  { written, reopened, changes, sources, watched }: Decided,
  now: Date,
): Promise<void> {
  await reopenEntries(db, reopened, now)
  const isIdle = written.length + reopened.length === 0
  // Sent together. Where one fails, those behind it fail too and COMMIT rolls back.
  const results = await Promise.allSettled([
    ...(isIdle ? [] : [insertEntries(db, written, now)]),
    ...changes.map((round) => changeCounters(db, round)),
    writeSources(db, sources),
    writeReached(db, watched, now),
    // Also where nothing was accepted: reservations may have been expired.
    db.query('COMMIT'),
  ])
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** One UPDATE changes a row once: of a counter with several days (late usage) the second day goes into a second round. */
function inRounds(counters: readonly OpenCounter[]): CounterChange[][] {
  const rounds: CounterChange[][] = []
  for (const { changes } of counters) {
    for (const [round, change] of changes.entries()) {
      const list = rounds[round] ?? []
      rounds[round] = list
      list.push(change)
    }
  }
  return rounds
}

function ledgerKey(key: Pick<UsageCall, 'userId' | 'idempotencyKey'>): string {
  return `${key.userId}\0${key.idempotencyKey}`
}

function countersOf(of: readonly CounterKey[]): Iterable<CounterKey> {
  return new Map(of.map((each) => [counterKey(each), each])).values()
}
