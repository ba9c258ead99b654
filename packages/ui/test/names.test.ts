import { expect, test } from 'vitest'
import { formatInterval } from '../src/format/money.ts'
import { meterName, planName, unitOf } from '../src/format/names.ts'
import { catalog } from './catalog.ts'

test('meters and plans are called as the catalogue calls them', () => {
  expect(meterName(catalog, 'gb')).toBe('Storage')
  expect(planName(catalog, 'team')).toBe('Team')
})

test('a unit is singular for one alone', () => {
  expect([0, 1, 2].map((count) => unitOf(catalog, 'minutes', count))).toEqual([
    'minutes',
    'minute',
    'minutes',
  ])
})

test.each(['formerMeter', 'constructor', 'toString'])(
  'what the catalogue lacks goes by its id: %s',
  (id) => {
    expect(meterName(catalog, id)).toBe(id)
    expect(unitOf(catalog, id, 2)).toBe(id)
    expect(planName(catalog, id)).toBe(id)
  },
)

test('a price without a plan has a name, too', () => {
  expect(planName(catalog, null)).toBe('Unknown plan')
})

test('a price is paid every interval', () => {
  expect(formatInterval('month')).toBe('a month')
  expect(formatInterval('year')).toBe('a year')
  expect(formatInterval('month', 3)).toBe('every 3 months')
})
