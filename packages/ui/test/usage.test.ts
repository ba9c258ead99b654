import { describe, expect, test } from 'vitest'
import { formatCompact, formatCount } from '../src/format/counts.ts'
import { axisTicks } from '../src/usage/axis-ticks.ts'
import { fullest } from '../src/usage/fullest.ts'
import { addMonths, fillDays, monthRange } from '../src/usage/history-days.ts'
import { formatShare, meterLevel } from '../src/usage/meter-level.ts'

const level = (used: number, limit: number, reserved = 0) =>
  meterLevel({ used, reserved, limit, unlimited: false })

describe('the level of a meter', () => {
  test('is fine, near from 80 % on, and full when not one more fits', () => {
    expect(level(799, 1_000).state).toBe('fine')
    expect(level(800, 1_000).state).toBe('near')
    expect(level(999, 1_000).state).toBe('near')
    expect(level(1_000, 1_000).state).toBe('full')
  })

  test('counts what is reserved as taken', () => {
    expect(level(500, 1_000, 500).state).toBe('full')
    expect(level(500, 1_000, 300)).toEqual({
      state: 'near',
      usedPercent: 50,
      reservedPercent: 30,
    })
  })

  test('over the limit never draws outside of the bar', () => {
    expect(level(1_500, 1_000, 700)).toEqual({
      state: 'full',
      usedPercent: 100,
      reservedPercent: 0,
    })
    expect(level(900, 1_000, 500).reservedPercent).toBeCloseTo(10)
  })

  test('a limit of 0 is no quota, not unlimited', () => {
    expect(level(0, 0).state).toBe('none')
    expect(meterLevel({ used: 9, reserved: 0, limit: 0, unlimited: true }).state).toBe('unlimited')
  })
})

describe('the fullest of many meters', () => {
  const meter = (id: string, used: number, limit: number) => ({
    id,
    used,
    reserved: 0,
    limit,
    unlimited: false,
  })

  test('are the ones nearest to their limits, in the order given', () => {
    const meters = [meter('a', 1, 10), meter('b', 9, 10), meter('c', 5, 10), meter('d', 20, 10)]
    const { shown, more } = fullest(meters, 2)
    expect(shown.map(({ id }) => id)).toEqual(['b', 'd'])
    expect(more).toBe(2)
  })

  test('do not count a meter without quota and usage', () => {
    const { shown, more } = fullest([meter('a', 0, 0), meter('b', 3, 0), meter('c', 0, 10)], 3)
    expect(shown.map(({ id }) => id)).toEqual(['b', 'c'])
    expect(more).toBe(0)
  })
})

describe('the share of a limit', () => {
  test.each([
    [0, 1_000, '0%'],
    [1, 1_000, '<1%'],
    [412_345, 1_000_000, '41%'],
    [9_999, 10_000, '99%'],
    [10_000, 10_000, '100%'],
    [10_040, 10_000, '100%'],
    [15_000, 10_000, '150%'],
  ])('%i of %i is %s', (used, limit, text) => {
    expect(formatShare(used, limit)).toBe(text)
  })
})

describe('the days of a history', () => {
  test('a month reaches from its first to its last day, leap years too', () => {
    expect(monthRange('2026-11-01T00:00:00.000Z')).toEqual({ from: '2026-11-01', to: '2026-11-30' })
    expect(monthRange('2028-02-29T23:59:59.999Z')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
  })

  test('going back passes the turn of the year', () => {
    expect(addMonths('2026-01-01T00:00:00.000Z', -1)).toBe('2025-12-01T00:00:00.000Z')
    expect(addMonths('2026-03-31T12:00:00.000Z', -1)).toBe('2026-02-01T00:00:00.000Z')
  })

  test('days that the server leaves out are there with 0, each day once, in order', () => {
    const range = monthRange('2026-03-01T00:00:00.000Z')
    const days = fillDays(
      [
        { date: '2026-03-31', meter: 'minutes', amount: 7, events: 1 },
        { date: '2026-03-31', meter: 'gb', amount: 99, events: 1 },
        { date: '2026-03-01', meter: 'minutes', amount: 5, events: 2 },
      ],
      'minutes',
      range,
    )
    expect(days).toHaveLength(31)
    expect(days.map((day) => day.date)).toEqual([...new Set(days.map((day) => day.date))].sort())
    expect(days[0]).toEqual({ date: '2026-03-01', amount: 5 })
    expect(days[30]).toEqual({ date: '2026-03-31', amount: 7 })
    expect(days.reduce((sum, day) => sum + day.amount, 0)).toBe(12)
  })
})

describe('the marks of an axis', () => {
  test.each([0, 1, 3, 4, 7, 99, 100, 33_600, 1_000_000, 999_999_999])(
    'reach %i in at most six round whole steps',
    (max) => {
      const ticks = axisTicks(max)
      expect(ticks[0]).toBe(0)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max)
      expect(ticks.length).toBeLessThanOrEqual(6)
      expect(ticks.every(Number.isInteger)).toBe(true)
    },
  )

  test('are round', () => {
    expect(axisTicks(33_600)).toEqual([0, 10_000, 20_000, 30_000, 40_000])
  })
})

test('counts have separators, or are short where there is no room', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567')
  expect(formatCompact(1_234_567)).toBe('1.2M')
})
