import type pg from 'pg'
import { userNotFound } from '../../errors.ts'
import { entitlementAt } from '../../quota/index.ts'
import type { CounterChange, CounterKey, LockedCounter } from '../ledger/counter-store.ts'
import {
  changeCounters,
  counterKey,
  createCounters,
  expireReservations,
  inKeyOrder,
  lockCounters,
} from '../ledger/counter-store.ts'
import { findEntries, insertEntries } from '../ledger/ledger-store.ts'
import type { LedgerEntry, UsageCall } from '../usage.ts'
import type { Decision, OpenCounter } from './decide.ts'
import { decide } from './decide.ts'

export interface BatchInput {
  calls: readonly UsageCall[]
  now: Date
  pastDueGraceDays: number
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
export async function runBatch(db: pg.ClientBase, input: BatchInput): Promise<Decision[]> {
  const keys = [...countersOf(input.calls)].toSorted(inKeyOrder)
  let locked = await lock(db, keys)
  if (locked.length < keys.length) {
    await db.query('ROLLBACK')
    await createCounters(db, keys)
    locked = await lock(db, keys)
  }
  const counters = await openCounters(db, locked, input)
  const decided = await decideAll(db, input, counters)
  await write(db, decided, input.now)
  return decided.decisions
}

/** Opens the transaction with the locks. Sent together. */
async function lock(db: pg.ClientBase, keys: readonly CounterKey[]): Promise<LockedCounter[]> {
  const [, locked] = await Promise.all([db.query('BEGIN'), lockCounters(db, keys)])
  return locked
}

/** Locked counters with the entitlement that holds now, and without the reservations that have expired. */
export async function openCounters(
  db: pg.ClientBase,
  locked: readonly LockedCounter[],
  { now, pastDueGraceDays }: Pick<BatchInput, 'now' | 'pastDueGraceDays'>,
): Promise<Map<string, OpenCounter>> {
  const counters = new Map<string, OpenCounter>()
  for (const row of locked) {
    const entitlement = entitlementAt(row.quota, now, pastDueGraceDays)
    const { used, reserved } = row
    counters.set(counterKey(row), { key: row, used, reserved, entitlement, changes: [] })
  }
  const stale = locked.filter(({ nextExpiry }) => nextExpiry && nextExpiry <= now)
  if (stale.length > 0) {
    for (const row of await expireReservations(db, stale, now)) {
      const counter = counters.get(counterKey(row))
      if (counter) counter.reserved = row.reserved
    }
  }
  return counters
}

interface Decided {
  decisions: Decision[]
  written: LedgerEntry[]
  changes: CounterChange[][]
}

async function decideAll(
  db: pg.ClientBase,
  input: BatchInput,
  counters: ReadonlyMap<string, OpenCounter>,
): Promise<Decided> {
  if (!input.lookUp) {
    const decided = decideEach(input, counters, [])
    // The insert finds a used key of what was accepted only. A call that was not may be a repeat with a first result.
    if (decided.decisions.every(({ kind }) => kind === 'accepted')) return decided
  }
  return decideEach(input, counters, await findEntries(db, input.calls))
}

function decideEach(
  { calls, nextId }: BatchInput,
  counters: ReadonlyMap<string, OpenCounter>,
  entries: readonly LedgerEntry[],
): Decided {
  const open = new Map([...counters].map(([key, counter]) => [key, { ...counter, changes: [] }]))
  const ledger = new Map(entries.map((entry) => [ledgerKey(entry), entry]))
  const written: LedgerEntry[] = []
  const decisions = calls.map((call): Decision => {
    const counter = open.get(counterKey(call))
    if (!counter) return { kind: 'failed', error: userNotFound(call.userId) }
    const key = ledgerKey(call)
    const decision = decide(call, { counter, before: ledger.get(key), id: nextId() })
    if (decision.kind === 'accepted' && !decision.replayed) {
      ledger.set(key, decision.entry)
      written.push(decision.entry)
    }
    return decision
  })
  return { decisions, written, changes: inRounds([...open.values()]) }
}

async function write(db: pg.ClientBase, { written, changes }: Decided, now: Date): Promise<void> {
  if (written.length === 0) {
    // Not rolled back: reservations may have been expired.
    await db.query('COMMIT')
    return
  }
  // Sent together. Where one fails, those behind it fail too and COMMIT rolls back.
  const results = await Promise.allSettled([
    insertEntries(db, written, now),
    ...changes.map((round) => changeCounters(db, round)),
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

function countersOf(calls: readonly UsageCall[]): Iterable<CounterKey> {
  return new Map(calls.map((call) => [counterKey(call), call])).values()
}
