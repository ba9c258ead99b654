import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateOf, dayOf, parsePeriod } from '../../src/quota/index.ts'
import { monthOf } from '../../src/testing.ts'

const instants = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9998-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

describe('a month', () => {
  test('holds its instant, from the first instant of the 1st to that of the next 1st', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const { period, start, end } = monthOf(instant)
        expect(start.getTime()).toBeLessThanOrEqual(instant.getTime())
        expect(instant.getTime()).toBeLessThan(end.getTime())
        expect(start.toISOString()).toBe(`${period}-01T00:00:00.000Z`)
        expect(end.toISOString()).toMatch(/-01T00:00:00\.000Z$/)
        expect(dateOf(instant)).toBe(`${period}-${String(dayOf(instant)).padStart(2, '0')}`)
      }),
    )
  })

  test('ends where the next one starts, and its name leads back to it', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const month = monthOf(instant)
        expect(monthOf(month.end).start).toEqual(month.end)
        expect(monthOf(new Date(month.end.getTime() - 1))).toEqual(month)
        expect(parsePeriod(month.period)).toEqual(month)
      }),
    )
  })

  test.each([
    ['2024-02', 29],
    ['2026-02', 28],
    ['2000-02', 29],
    ['2100-02', 28],
    ['2026-04', 30],
    ['2026-12', 31],
  ])('%s has %i days', (period, days) => {
    const { start, end } = parsePeriod(period)
    expect((end.getTime() - start.getTime()) / 86_400_000).toBe(days)
  })

  test.each(['2026-13', '2026-00', '2026-1', '26-01', '2026-01-01', ''])(
    '%j is no month',
    (text) => {
      expect(() => parsePeriod(text)).toThrowError(expect.objectContaining({ code: 'VALIDATION' }))
    },
  )
})
