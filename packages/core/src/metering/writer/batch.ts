import type pg from 'pg'
import { entitlementAt, userNotFound } from '../../quota/index.ts'
import type { CounterKey, LockedCounter } from '../ledger/counter-store.ts'
import {
  changeCounters,
  counterKey,
  createCounters,
  expireReservations,
  lockCounters,
} from '../ledger/counter-store.ts'
import { findEntries, insertEntries } from '../ledger/ledger-store.ts'
import { sumChanges } from '../ledger/sum-changes.ts'
import type { LedgerEntry, UsageCall } from '../usage.ts'
import type { Decision, OpenCounter } from './decide.ts'
import { decide } from './decide.ts'

export interface BatchInput {
  calls: readonly UsageCall[]
  now: Date
  pastDueGraceDays: number
  /** Ids for new ledger rows; ascending, so that a list by id is a list by time. */
  nextId: () => string
}

/**
 * One transaction for calls that arrived together: lock and read their counters, look their keys up, decide
 * each as if alone and in order, write ledger and counters, commit. Answers in the order of the calls once
 * that is durable. Throws, and has written nothing, where another process took one of the keys meanwhile
 * (23505) or the database failed; running it again is safe.
 */
export async function runBatch(db: pg.ClientBase, input: BatchInput): Promise<Decision[]> {
  const keys = distinctKeys(input.calls)
  let loaded = await load(db, input, keys)
  if (loaded.counters.size < keys.length) {
    await db.query('ROLLBACK')
    await createCounters(db, keys)
    loaded = await load(db, input, keys)
  }
  const { decisions, written } = decideAll(input, loaded)
  await write(db, written, input.now)
  return decisions
}

interface Loaded {
  /** By key; a counter of a user that does not exist is missing. */
  counters: Map<string, OpenCounter>
  entries: LedgerEntry[]
}

/** Opens the transaction and locks what the calls need. */
async function load(db: pg.ClientBase, input: BatchInput, keys: CounterKey[]): Promise<Loaded> {
  // Sent together, answered in order: the look-up of keys starts once the locks are held.
  const [, locked, entries] = await Promise.all([
    db.query('BEGIN'),
    lockCounters(db, keys),
    findEntries(db, input.calls),
  ])
  return { counters: await openCounters(db, locked, input), entries }
}

/** Locked counters with the right that holds now, and without the reservations that have expired. */
export async function openCounters(
  db: pg.ClientBase,
  locked: readonly LockedCounter[],
  { now, pastDueGraceDays }: Pick<BatchInput, 'now' | 'pastDueGraceDays'>,
): Promise<Map<string, OpenCounter>> {
  const counters = new Map<string, OpenCounter>()
  for (const row of locked) {
    const entitlement = entitlementAt(row.quota, now, pastDueGraceDays)
    counters.set(counterKey(row), { used: row.used, reserved: row.reserved, entitlement })
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

function decideAll(
  { calls, nextId }: BatchInput,
  { counters, entries }: Loaded,
): { decisions: Decision[]; written: LedgerEntry[] } {
  const ledger = new Map(entries.map((entry) => [ledgerKey(entry), entry]))
  const written: LedgerEntry[] = []
  const decisions = calls.map((call): Decision => {
    const counter = counters.get(counterKey(call))
    if (!counter) return { kind: 'failed', error: userNotFound(call.userId) }
    const key = ledgerKey(call)
    const decision = decide(call, { counter, before: ledger.get(key), id: nextId() })
    if (decision.kind === 'accepted' && !decision.replayed) {
      ledger.set(key, decision.entry)
      written.push(decision.entry)
    }
    return decision
  })
  return { decisions, written }
}

async function write(db: pg.ClientBase, written: LedgerEntry[], now: Date): Promise<void> {
  if (written.length === 0) {
    // Not rolled back: reservations may have been expired.
    await db.query('COMMIT')
    return
  }
  // Sent together. Where one fails, those behind it fail too and COMMIT rolls back: Promise.all throws the first.
  await Promise.all([
    insertEntries(db, written, now),
    ...sumChanges(written).map((changes) => changeCounters(db, changes)),
    db.query('COMMIT'),
  ])
}

function ledgerKey(key: Pick<UsageCall, 'userId' | 'idempotencyKey'>): string {
  return `${key.userId}\0${key.idempotencyKey}`
}

function distinctKeys(calls: readonly UsageCall[]): CounterKey[] {
  return [...new Map(calls.map((call) => [counterKey(call), call])).values()]
}
