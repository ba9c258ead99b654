import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Openings, Parts } from '../../src/metering/writer/parts.ts'
import {
  creditedOf,
  fill,
  fromStored,
  join,
  keepFirst,
  toStored,
  unitsOf,
} from '../../src/metering/writer/parts.ts'

const units = fc.nat({ max: 100 })
const openings: fc.Arbitrary<Openings> = fc.record({
  allowance: fc.oneof(units, fc.constant(Infinity)),
  grants: fc
    .array(units, { maxLength: 5 })
    .map((all) => all.map((remaining, i) => ({ id: `g${i}`, remaining }))),
  overage: fc.oneof(units, fc.constant(Infinity)),
})
const amount = fc.integer({ min: 1, max: 700 })

/** Parts as a list with one entry a unit, in the order of use. */
function inOrder(parts: Parts): string[] {
  return [
    ...Array<string>(parts.allowance).fill('allowance'),
    ...parts.grants.flatMap(([id, n]) => Array<string>(n).fill(id)),
    ...Array<string>(parts.overage).fill('overage'),
    ...Array<string>(parts.over).fill('over'),
  ]
}

describe('the parts of a use', () => {
  test('hold each unit once, in the order of use, and never more of a source than it has', () => {
    fc.assert(
      fc.property(amount, openings, (asked, from) => {
        const parts = fill(asked, from)
        const expected = [
          ...Array<string>(Math.min(asked, from.allowance)).fill('allowance'),
          ...from.grants.flatMap(({ id, remaining }) => Array<string>(remaining).fill(id)),
          ...Array<string>(Math.min(asked, from.overage)).fill('overage'),
          ...Array<string>(asked).fill('over'),
        ].slice(0, asked)
        expect(inOrder(parts)).toEqual(expected)
        expect(unitsOf(parts)).toBe(asked)
        expect(parts.grants.every(([, n]) => n > 0)).toBe(true)
      }),
    )
  })

  test('are over only where everything else is used up', () => {
    fc.assert(
      fc.property(amount, openings, (asked, from) => {
        const parts = fill(asked, from)
        const all =
          from.allowance + from.overage + from.grants.reduce((sum, each) => sum + each.remaining, 0)
        expect(parts.over).toBe(Math.max(0, asked - all))
      }),
    )
  })

  test('are given back from the last to the first: what is kept is the first of them', () => {
    fc.assert(
      fc.property(amount, openings, fc.nat({ max: 800 }), (asked, from, keep) => {
        const held = { ...fill(asked, from), over: 0 }
        const kept = keepFirst(held, keep)
        expect(inOrder({ ...kept, over: 0 })).toEqual(inOrder(held).slice(0, keep))
        expect(kept.over).toBe(Math.max(0, keep - unitsOf(held)))
      }),
    )
  })

  test('of two together have each grant once, and no unit more or less', () => {
    fc.assert(
      fc.property(amount, openings, amount, openings, (a, from, b, then) => {
        const [first, second] = [fill(a, from), fill(b, then)]
        const both = join(first, second)
        expect(unitsOf(both)).toBe(a + b)
        expect(creditedOf(both)).toBe(creditedOf(first) + creditedOf(second))
        expect(new Set(both.grants.map(([id]) => id)).size).toBe(both.grants.length)
      }),
    )
  })

  test('come back from the ledger as they were written', () => {
    fc.assert(
      fc.property(amount, openings, (asked, from) => {
        const parts = fill(asked, from)
        const stored = toStored(parts)
        expect(fromStored(asked, stored === null ? null : JSON.parse(stored))).toEqual(parts)
        expect(stored === null).toBe(parts.allowance === asked)
      }),
    )
  })
})
