import fc from 'fast-check'
import { expect, test } from 'vitest'
import { taxAmounts } from '../../src/resources/tax/rates/compute.ts'

const percentage = fc.integer({ min: 0, max: 1_000_000 }).map((steps) => steps / 10_000)
const rate = fc.record({ percentage, inclusive: fc.boolean() })
const rates = fc.array(rate, { maxLength: 10 })
const amount = fc.integer({ min: -1e10, max: 1e10 })

test.each([
  // amount, percentage, inclusive, tax, taxable
  [1000, 20, false, 200, 1000],
  [333, 7.5, false, 25, 333],
  [50, 1, false, 1, 50],
  [-50, 1, false, -1, -50],
  [1, 8.875, false, 0, 1],
  [1200, 20, true, 200, 1000],
  [999, 19, true, 160, 839],
  [99_999_999, 8.8125, false, 8_812_500, 99_999_999],
])('of %i at %d %% (included: %s) the tax is %i', (of, percent, inclusive, tax, taxable) => {
  expect(taxAmounts(of, [{ percentage: percent, inclusive }])).toEqual([{ amount: tax, taxable }])
})

test('a tax is within half a unit of the exact one, and a credit has the negative of it', () => {
  fc.assert(
    fc.property(amount, rates, (of, all) => {
      const taxes = taxAmounts(of, all)
      expect(taxAmounts(-of, all).map((tax) => tax.amount + 0)).toEqual(
        taxes.map((tax) => 0 - tax.amount),
      )
      const gross = all.reduce((sum, one) => sum + (one.inclusive ? one.percentage : 0), 100)
      for (const [index, one] of all.entries()) {
        const tax = taxes[index] ?? { amount: Number.NaN, taxable: 0 }
        const exact = one.inclusive
          ? (of * one.percentage) / gross
          : (tax.taxable * one.percentage) / 100
        expect(Math.abs(tax.amount - exact)).toBeLessThanOrEqual(0.5 + 1e-3)
      }
    }),
  )
})

test('what is taxed and the included taxes add up to the amount', () => {
  fc.assert(
    fc.property(amount, rates, (of, all) => {
      const taxes = taxAmounts(of, all)
      const included = taxes.reduce(
        (sum, tax, index) => sum + (all[index]?.inclusive === true ? tax.amount : 0),
        0,
      )
      for (const { taxable } of taxes) expect(taxable + included).toBe(of)
    }),
  )
})
