import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactUnitPrice } from '../../src/catalog/index.ts'
import { base, mistakes, put } from './base.ts'

const SCALE = 10n ** 12n
/** A decimal text in parts of 10⁻¹². */
function scaled(text: string): bigint {
  const [whole = '0', decimals = ''] = text.split('.')
  return BigInt(whole) * SCALE + BigInt(decimals.padEnd(12, '0'))
}

test('the price of one times so many is the price of so many, exactly, or there is none', () => {
  const amount = fc.integer({ min: 0, max: 10 ** 9 })
  const per = fc.oneof(
    fc.integer({ min: 1, max: 10 ** 9 }),
    fc.tuple(fc.nat(12), fc.nat(9)).map(([twos, fives]) => 2 ** twos * 5 ** fives),
  )
  fc.assert(
    fc.property(amount, per, (price, each) => {
      const one = exactUnitPrice(price, each)
      if (one !== null) {
        expect(one).toMatch(/^\d+(\.\d{0,11}[1-9])?$/)
        expect(scaled(one) * BigInt(each)).toBe(BigInt(price) * SCALE)
      } else expect((BigInt(price) * SCALE) % BigInt(each)).not.toBe(0n)
    }),
    { numRuns: 1_000 },
  )
})

const sold = (per: number, usd: number) => ({ per, price: { usd }, defaultCap: 'none' })

test('a catalogue says at its start what can’t be sold beyond a limit', () => {
  expect(mistakes(put(base(), ['plans', 'team', 'overage'], { gb: sold(3, 1) }))).toEqual([
    'plans.team.overage.gb.price.usd: 1 for 3 is no price of one that has at most 12 decimals. Choose a per whose only factors are 2 and 5, such as 1_000',
  ])
})
