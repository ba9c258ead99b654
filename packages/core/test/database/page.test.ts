import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cursorInstant,
  decodeCursor,
  decodeInstantCursor,
  encodeCursor,
  pageSize,
} from '../../src/database/page.ts'
import { isStorableText } from '../../src/text.ts'

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const refusal = expect.objectContaining({ code: 'VALIDATION' })

describe('a cursor', () => {
  it('gives back what the last row of a page had', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }).filter(isStorableText), { maxLength: 3 })
    fc.assert(
      fc.property(texts, (values) => {
        expect(decodeCursor(encodeCursor(values), values.length)).toEqual(values)
      }),
    )
  })

  it('is refused unless it decodes to texts that can be stored, whatever it is', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => encoded(json)),
      fc.jsonValue().map(encoded),
    )
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 3 }), (cursor, length) => {
        try {
          const values = decodeCursor(cursor, length)
          expect(values).toHaveLength(length)
          expect(values.every(isStorableText)).toBe(true)
        } catch (error) {
          expect(error).toEqual(refusal)
        }
      }),
    )
  })

  it.each([
    ['a year that PostgreSQL does not have', '0000-01-01T00:00:00.000Z'],
    ['a year before 4713 BC', '-004714-01-01T00:00:00.000Z'],
    ['a year of five digits', '+010000-01-01T00:00:00.000Z'],
    ['what only JavaScript reads as a date', '1'],
    ['another way to write an instant', '2026-01-01'],
    ['no instant', 'infinity'],
  ])('is refused with %s', (_what, text) => {
    expect(() => cursorInstant(text)).toThrow(refusal)
    expect(() => decodeInstantCursor(encoded([text, 'id']))).toThrow(refusal)
  })

  it.each(['a\0b', '\ud83d'])('is refused with an id that is no text: %j', (id) => {
    expect(() => decodeInstantCursor(encoded(['2026-01-01T00:00:00.000Z', id]))).toThrow(refusal)
  })
})

describe('the size of a page', () => {
  it('is 50 unless the caller says, 1 to 100', () => {
    expect([undefined, 1, 100].map((limit) => pageSize(limit))).toEqual([50, 1, 100])
  })

  it.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is never %d', (limit) => {
    expect(() => pageSize(limit)).toThrow(refusal)
  })
})
