import { dayOfDate } from '../../quota/index.ts'
import type { CounterKey } from '../ledger/counter-store.ts'
import { counterKey } from '../ledger/counter-store.ts'

/** What a counter holds, or what the ledger says that it should hold. */
export interface Totals extends CounterKey {
  used: number
  reserved: number
  /** The first day of the window first; what is behind the last day with use is left out. */
  dayAmounts: number[]
  dayEvents: number[]
}

/** A counter on which nothing was counted. */
export function noTotals({ userId, meter, period }: CounterKey): Totals {
  return { userId, meter, period, used: 0, reserved: 0, dayAmounts: [], dayEvents: [] }
}

/** Without what is behind the last day with use: days are added when they are first used. */
export function whole(days: readonly number[]): number[] {
  return days.slice(0, days.findLastIndex((each) => each !== 0) + 1)
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
  const add = (x: number[], y: number[]) =>
    whole(Array.from({ length: Math.max(x.length, y.length) }, (_, i) => (x[i] ?? 0) + (y[i] ?? 0)))
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
  /** YYYY-MM-DD, UTC */
  date: string
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
    const day = dayOfDate(row.period, row.date)
    addTo(total.dayAmounts, day, Number(row.amount))
    addTo(total.dayEvents, day, Number(row.events))
  }
  return [...totals.values()].map((total) => ({
    ...total,
    dayAmounts: whole(total.dayAmounts),
    dayEvents: whole(total.dayEvents),
  }))
}

/** Adds to the total of a day, which may be behind those that are there. */
function addTo(days: number[], day: number, amount: number): void {
  while (days.length < day) days.push(0)
  days[day - 1] = (days[day - 1] ?? 0) + amount
}
