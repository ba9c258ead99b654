import { dayOf } from '../quota/index.ts'
import type { LedgerEntry } from './decide.ts'
import type { DayTotal } from './usage-store.ts'

/**
 * Sums ledger rows to what they add to each day of each counter, in rounds: an UPDATE changes a row once, so
 * a counter with several days (late usage) has its second day in the second round, and so on.
 */
export function sumDays(entries: readonly LedgerEntry[]): [DayTotal[], ...DayTotal[][]] {
  const days = new Map<string, DayTotal>()
  for (const { userId, meter, period, amount, occurredAt } of entries) {
    const day = dayOf(occurredAt)
    const key = `${userId}\0${meter}\0${period}\0${day}`
    const total = days.get(key) ?? { userId, meter, period, day, amount: 0, events: 0 }
    total.amount += amount
    total.events += 1
    days.set(key, total)
  }
  const rounds: [DayTotal[], ...DayTotal[][]] = [[]]
  const next = new Map<string, number>()
  for (const total of days.values()) {
    const counter = `${total.userId}\0${total.meter}\0${total.period}`
    const round = next.get(counter) ?? 0
    next.set(counter, round + 1)
    const totals = rounds[round] ?? []
    rounds[round] = totals
    totals.push(total)
  }
  return rounds
}
