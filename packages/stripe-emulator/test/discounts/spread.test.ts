import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DiscountedLine, SpreadDiscount } from '../../src/resources/discounts/spread.ts'
import { inProportion, spreadDiscounts } from '../../src/resources/discounts/spread.ts'

const PRODUCTS = ['prod_a', 'prod_b', null] as const
const IDS = ['di_1', 'di_2', 'di_3', 'di_4'] as const

const line: fc.Arbitrary<DiscountedLine> = fc.record({
  amount: fc.integer({ min: -50_000, max: 1_000_000 }),
  product: fc.constantFrom(...PRODUCTS),
  discountable: fc.boolean(),
  discounts: fc.uniqueArray(fc.constantFrom('di_1', 'di_2'), { maxLength: 2 }),
})

const worth: fc.Arbitrary<SpreadDiscount['worth']> = fc.oneof(
  fc.record({ percentOff: fc.integer({ min: 1, max: 10_000 }).map((part) => part / 100) }),
  fc.record({ amountOff: fc.option(fc.integer({ min: 1, max: 500_000 })) }),
)

/** Discounts of lines are `di_1` and `di_2`; the other two are of all lines. */
const discounts: fc.Arbitrary<SpreadDiscount[]> = fc
  .uniqueArray(fc.constantFrom(...IDS), { maxLength: 4 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          worth,
          products: fc.constantFrom(null, ['prod_a'], ['prod_b']),
          ofLines: fc.constant(id === 'di_1' || id === 'di_2'),
        }),
      ),
    ),
  )

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function takenBy(amounts: ReturnType<typeof spreadDiscounts>, id: string): number {
  return sum(amounts.flat().flatMap(({ discount, amount }) => (discount === id ? [amount] : [])))
}

describe('what discounts take off', () => {
  test('is never negative, never more than a line costs, and nothing of a line that is not discountable', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), discounts, (lines, all) => {
        const amounts = spreadDiscounts(lines, all)
        for (const [index, own] of amounts.entries()) {
          const { amount = 0, discountable = false } = lines[index] ?? {}
          for (const taken of own) expect(taken.amount).toBeGreaterThanOrEqual(0)
          const most = discountable ? Math.max(0, amount) : 0
          expect(sum(own.map((taken) => taken.amount))).toBeLessThanOrEqual(most)
        }
      }),
    )
  })

  test('is the exact amount of a coupon once, or all that is left where that is less', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 900_000 }),
        (lines, amountOff) => {
          const discount = { id: 'di_3', worth: { amountOff }, products: null, ofLines: false }
          const base = sum(
            lines.map(({ amount, discountable }) => (discountable ? Math.max(0, amount) : 0)),
          )
          expect(takenBy(spreadDiscounts(lines, [discount]), 'di_3')).toBe(
            Math.min(amountOff, base),
          )
        },
      ),
    )
  })

  test('is a percentage of the sum, rounded once, whatever the lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 10_000 }),
        (costs, hundredths) => {
          const lines = costs.map((amount) => ({
            amount,
            product: null,
            discountable: true,
            discounts: [],
          }))
          const worth = { percentOff: hundredths / 100 }
          const taken = takenBy(
            spreadDiscounts(lines, [{ id: 'di_3', worth, products: null, ofLines: false }]),
            'di_3',
          )
          expect(taken).toBe(Math.floor((2 * sum(costs) * hundredths + 10_000) / 20_000))
        },
      ),
    )
  })

  test('comes off the lines of its products alone', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), worth, (lines, of) => {
        const discount = { id: 'di_3', worth: of, products: ['prod_a'], ofLines: false }
        for (const [index, own] of spreadDiscounts(lines, [discount]).entries()) {
          if (lines[index]?.product === 'prod_a') continue
          expect(own).toEqual([{ amount: 0, discount: 'di_3' }])
        }
      }),
    )
  })

  test('of a discount of lines comes off those lines, before a discount of all lines', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), discounts, (lines, all) => {
        const amounts = spreadDiscounts(lines, all)
        const reversed = [...all].sort((a, b) => Number(a.ofLines) - Number(b.ofLines))
        expect(spreadDiscounts(lines, reversed)).toEqual(amounts)
        for (const [index, own] of amounts.entries()) {
          const named = lines[index]?.discounts ?? []
          for (const { discount } of own) {
            const isOfLines = discount === 'di_1' || discount === 'di_2'
            if (isOfLines) expect(named).toContain(discount)
          }
        }
      }),
    )
  })
})

test.each([
  ['an amount, then a percentage', [{ amountOff: 2000 }, { percentOff: 10 }], 7200],
  ['a percentage, then an amount', [{ percentOff: 10 }, { amountOff: 2000 }], 7000],
  ['two percentages', [{ percentOff: 50 }, { percentOff: 50 }], 2500],
])('discounts stack in their order: %s', (_what, worths, total) => {
  const lines = [{ amount: 10_000, product: null, discountable: true, discounts: [] }]
  const all = worths.map((of, index) => ({
    id: `di_${index}`,
    worth: of as SpreadDiscount['worth'],
    products: null,
    ofLines: false,
  }))
  const taken = sum(
    spreadDiscounts(lines, all)
      .flat()
      .map(({ amount }) => amount),
  )
  expect(10_000 - taken).toBe(total)
})

test('a total is divided to the cent, in proportion, and never beyond a base', () => {
  const bases = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(bases, fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
      const total = Math.floor(sum(of) * part)
      const shares = inProportion(total, of)
      expect(sum(shares)).toBe(total)
      for (const [index, share] of shares.entries()) {
        const exact = sum(of) === 0 ? 0 : (total * (of[index] ?? 0)) / sum(of)
        expect(Math.abs(share - exact)).toBeLessThan(1)
        expect(share).toBeLessThanOrEqual(of[index] ?? 0)
      }
    }),
  )
})
