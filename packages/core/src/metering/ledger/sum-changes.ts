import { dayOf } from '../../quota/index.ts'
import type { LedgerEntry } from '../usage.ts'
import type { CounterChange } from './counter-store.ts'
import { counterKey } from './counter-store.ts'

/**
 * Sums ledger rows to what they add to each day of each counter, in rounds: an UPDATE changes a row once, so
 * a counter with several days (late usage) has its second day in the second round, and so on.
 */
export function sumChanges(entries: readonly LedgerEntry[]): CounterChange[][] {
  const changes = new Map<string, CounterChange>()
  for (const entry of entries) {
    const { userId, meter, period } = entry
    const day = dayOf(entry.occurredAt)
    const key = `${counterKey(entry)}\0${day}`
    const sum = changes.get(key) ?? {
      ...{ userId, meter, period, day },
      ...{ amount: 0, events: 0, reserved: 0, expiresAt: null },
    }
    add(sum, entry)
    changes.set(key, sum)
  }
  return rounds([...changes.values()])
}

function add(sum: CounterChange, { verb, amount, expiresAt }: LedgerEntry): void {
  if (verb !== 'reserve') {
    sum.amount += amount
    sum.events += 1
    return
  }
  sum.reserved += amount
  if (!sum.expiresAt || (expiresAt && expiresAt < sum.expiresAt)) sum.expiresAt = expiresAt
}

function rounds(changes: readonly CounterChange[]): CounterChange[][] {
  const result: CounterChange[][] = []
  const seen = new Map<string, number>()
  for (const change of changes) {
    const key = counterKey(change)
    const round = seen.get(key) ?? 0
    seen.set(key, round + 1)
    const list = result[round] ?? []
    result[round] = list
    list.push(change)
  }
  return result
}
