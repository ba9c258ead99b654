import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Charge } from '../../src/billing/change/rate.ts'
import { isUpgrade } from '../../src/billing/change/rate.ts'

const monthly = (amount: number): Charge => ({ amount, interval: 'month', intervalCount: 1 })
const yearly = (amount: number): Charge => ({ amount, interval: 'year', intervalCount: 1 })

test.each([
  ['more a month', monthly(1_900), monthly(4_900), true],
  ['less a month', monthly(4_900), monthly(1_900), false],
  ['as much in the same rhythm, so that nothing is due', monthly(1_900), monthly(1_900), true],
  ['a year for twelve months’ price, so not less a month', monthly(100), yearly(1_200), true],
  ['months for a year’s price', yearly(1_200), monthly(100), false],
  ['months for more than a year’s price: the year is paid', yearly(1_200), monthly(900), false],
  ['a year that costs more than twelve months', monthly(100), yearly(1_201), true],
  ['a year that costs less than twelve months', monthly(100), yearly(1_199), false],
  ['from free', monthly(0), monthly(1), true],
  ['three months at once, cheaper', monthly(100), { ...monthly(299), intervalCount: 3 }, false],
])('%s', (_, from, to, expected) => {
  expect(isUpgrade(from, to)).toBe(expected)
})

test('no two prices are an upgrade of each other, unless they cost the same in the same rhythm', () => {
  const charge = fc.record({
    amount: fc.integer({ min: 0, max: 99_999_999 }),
    interval: fc.constantFrom('day', 'week', 'month', 'year'),
    intervalCount: fc.integer({ min: 1, max: 36 }),
  })
  fc.assert(
    fc.property(charge, charge, (a, b) => {
      if (isUpgrade(a, b) && isUpgrade(b, a)) expect(a.amount).toBe(b.amount)
    }),
  )
})
