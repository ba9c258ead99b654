import type pg from 'pg'
import { entitlementAt, userNotFound } from '../quota/index.ts'
import type { Decision, LedgerEntry, OpenCounter } from './decide.ts'
import { decide } from './decide.ts'
import { sumDays } from './sum-days.ts'
import type { UsageCall } from './usage.ts'
import type { CounterKey } from './usage-store.ts'
import {
  addToCounters,
  createCounters,
  findEntries,
  insertEntries,
  lockCounters,
} from './usage-store.ts'

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
  const keys = distinct(input.calls, counterKey)
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
  const counters = new Map<string, OpenCounter>()
  for (const { quota, used, reserved, ...key } of locked) {
    const entitlement = entitlementAt(quota, input.now, input.pastDueGraceDays)
    counters.set(counterKey(key), { used, reserved, entitlement })
  }
  return { counters, entries }
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
    const decision = decide(call, { counter, before: ledger.get(ledgerKey(call)), id: nextId() })
    if (decision.kind === 'written') {
      ledger.set(ledgerKey(call), decision.entry)
      written.push(decision.entry)
    }
    return decision
  })
  return { decisions, written }
}

async function write(db: pg.ClientBase, written: LedgerEntry[], now: Date): Promise<void> {
  if (written.length === 0) {
    await db.query('ROLLBACK')
    return
  }
  const [first, ...rest] = sumDays(written)
  // Where a statement fails, those behind it fail too and COMMIT rolls back: Promise.all reports the first.
  await Promise.all([
    insertEntries(db, written, now),
    addToCounters(db, first),
    ...rest.map((totals) => addToCounters(db, totals)),
    db.query('COMMIT'),
  ])
}

/** Unambiguous whatever characters a user id has: a NUL is in none of the parts. */
function counterKey(key: CounterKey): string {
  return `${key.userId}\0${key.meter}\0${key.period}`
}

function ledgerKey(key: Pick<UsageCall, 'userId' | 'idempotencyKey'>): string {
  return `${key.userId}\0${key.idempotencyKey}`
}

function distinct<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()]
}
