import type { CounterKey } from '../ledger/counter-store.ts'
import { counterKey } from '../ledger/counter-store.ts'

/** What a counter holds, or what the ledger says that it should hold. */
export interface Totals extends CounterKey {
  used: number
  reserved: number
  dayAmounts: number[]
  dayEvents: number[]
}

/** The longest month. */
const DAYS = 31

/** A counter on which nothing was counted. */
export function noTotals({ userId, meter, period }: CounterKey): Totals {
  const none = () => Array<number>(DAYS).fill(0)
  return { userId, meter, period, used: 0, reserved: 0, dayAmounts: none(), dayEvents: none() }
}

/** The sums of both, counter by counter. */
export function addTotals(a: readonly Totals[], b: readonly Totals[]): Totals[] {
  const sums = new Map(a.map((each) => [counterKey(each), each]))
  for (const each of b) {
    const before = sums.get(counterKey(each))
    sums.set(counterKey(each), before ? sum(before, each) : each)
  }
  return [...sums.values()]
}

function sum(a: Totals, b: Totals): Totals {
  const add = (x: number[], y: number[]) => x.map((value, i) => value + (y[i] ?? 0))
  return {
    ...a,
    used: a.used + b.used,
    reserved: a.reserved + b.reserved,
    dayAmounts: add(a.dayAmounts, b.dayAmounts),
    dayEvents: add(a.dayEvents, b.dayEvents),
  }
}

/** One day of one counter, as SQL sums it. */
export interface DaySum {
  user_id: string
  meter: string
  period: string
  day: number
  amount: string
  events: string
  reserved: string
}

/** The sums of days as totals of counters. */
export function toTotals(days: readonly DaySum[]): Totals[] {
  const totals = new Map<string, Totals>()
  for (const row of days) {
    const key = { userId: row.user_id, meter: row.meter, period: row.period }
    const total = totals.get(counterKey(key)) ?? noTotals(key)
    totals.set(counterKey(key), total)
    total.used += Number(row.amount)
    total.reserved += Number(row.reserved)
    total.dayAmounts[row.day - 1] = Number(row.amount)
    total.dayEvents[row.day - 1] = Number(row.events)
  }
  return [...totals.values()]
}
