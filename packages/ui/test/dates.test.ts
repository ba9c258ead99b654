import { describe, expect, test } from 'vitest'
import {
  formatDay,
  formatInstant,
  formatMonth,
  formatReset,
  formatShortDay,
} from '../src/format/dates.ts'

// The tests run far from UTC (see vitest.config.ts): a date that takes the machine's zone fails here.
describe('dates', () => {
  test('a day is the day in UTC, from its first to its last millisecond', () => {
    expect(formatDay('2026-12-03T00:00:00.000Z')).toBe('3 December 2026')
    expect(formatDay('2026-12-03T23:59:59.999Z')).toBe('3 December 2026')
    expect(formatShortDay('2026-12-03T23:59:59.999Z')).toBe('3 Dec 2026')
  })

  test('a date without time is that day', () => {
    expect(formatDay('2026-12-03')).toBe('3 December 2026')
  })

  test('a month is the month in UTC', () => {
    expect(formatMonth('2026-11-01T00:00:00.000Z')).toBe('November 2026')
    expect(formatMonth('2026-11-30T23:59:59.999Z')).toBe('November 2026')
  })

  test('a reset says day and time, or that there is none', () => {
    expect(formatReset('2026-12-01T00:00:00.000Z')).toBe('Resets on 1 December 2026 at 00:00 UTC')
    expect(formatReset('2026-12-03T15:00:00.000Z')).toBe('Resets on 3 December 2026 at 15:00 UTC')
    expect(formatReset(null)).toBe('Never resets')
  })

  test('an instant says its zone, and midnight is hour 00', () => {
    expect(formatInstant('2026-12-03T14:05:00.000Z')).toBe('3 Dec 2026, 14:05 UTC')
    expect(formatInstant('2026-12-03T00:00:00.000Z')).toBe('3 Dec 2026, 00:00 UTC')
  })
})
