import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkInstant, isStorableInstant, nearestInstant } from '../../src/instant.ts'
import { nearestWholeNumber } from '../../src/whole-number.ts'

const refusal = expect.objectContaining({ code: 'VALIDATION' })

it('an instant that is accepted is written with four digits for its year', () => {
  fc.assert(
    fc.property(fc.date(), (instant) => {
      if (isStorableInstant(instant)) expect(instant.toISOString()).toMatch(/^\d{4}-.{18}Z$/)
      else expect(() => checkInstant('at', instant)).toThrow(refusal)
    }),
  )
})

it('every stored instant is shown as one that would be accepted, itself where it is one', () => {
  const stored = fc.oneof(
    fc.date({ noInvalidDate: true }),
    fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  )
  fc.assert(
    fc.property(stored, (instant) => {
      const shown = nearestInstant(instant)
      expect(isStorableInstant(shown)).toBe(true)
      if (instant instanceof Date && isStorableInstant(instant)) expect(shown).toEqual(instant)
    }),
  )
})

it('every stored number is read within the safe range, itself where it is in it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (stored) => {
      const read = Number(nearestWholeNumber(String(stored)))
      expect(Number.isSafeInteger(read)).toBe(true)
      if (Number.isSafeInteger(Number(stored))) expect(BigInt(read)).toBe(stored)
    }),
  )
})
