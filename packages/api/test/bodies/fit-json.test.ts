import { TollgateError } from '@tollgate/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitJson } from '../../src/http/body/fit-json.ts'
import { PART } from '../../src/schemas/limits.ts'

const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`

/** Texts with all that could be taken for structure. */
const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', ',', ':', 'a', 'é') })
const json = fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 6, noUnicodeString: false } as object)
const value = fc.oneof(json, text, fc.array(text), fc.dictionary(text, text))

describe('a body within its limits', () => {
  it('is left as it is, whatever stands in its texts', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 4 }), (each, partDepth) => {
        const body = JSON.stringify(each)
        expect(fitJson(body, partDepth)).toBe(body)
      }),
    )
  })

  it('is left to the parser where it is no JSON', () => {
    for (const body of ['', '{', '"', '"\\', ']]]', '{"a":"', 'nothing', '[1,', '}{']) {
      expect(fitJson(body, 1)).toBe(body)
    }
  })

  it('may be as deep and as full as the limits say', () => {
    const full = `[${'1,'.repeat(PART.values)}1]`
    for (const body of [nested(PART.depth), full]) expect(fitJson(body, 1)).toBe(body)
  })
})

describe('a body that is one part', () => {
  it.each([
    ['nested too deep', nested(PART.depth + 1)],
    ['of nothing but openings', '['.repeat(1_000_000)],
    ['of objects in objects', '{"a":'.repeat(1_000)],
    ['with too many values', `[${'1,'.repeat(PART.values + 1)}1]`],
    ['that is too long', `["${'x'.repeat(PART.bytes)}"]`],
  ])('%s is refused', (_what, body) => {
    expect(() => fitJson(body, 1)).toThrow(TollgateError)
  })
})

describe('one part among others', () => {
  const over = fc.constantFrom(
    nested(PART.depth + 1),
    nested(5_000),
    `[${'1,'.repeat(PART.values + 1)}1]`,
    `{"note":"${'x'.repeat(PART.bytes)}"}`,
  )

  it('becomes a value that no schema takes where it is too much, and the others stay as they are', () => {
    const items = fc.array(
      fc.oneof(
        value.map((each) => [each]),
        over,
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(items, (list) => {
        const texts = list.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
        const body = `{"events":[${texts.join(',')}]}`
        const expected = list.map((each) =>
          typeof each === 'string' ? Number.POSITIVE_INFINITY : JSON.parse(JSON.stringify(each)),
        )
        expect(JSON.parse(fitJson(body, 3))).toEqual({ events: expected })
      }),
    )
  })

  it('is one of so many that a list may have: more are refused before they are parsed', () => {
    expect(() => fitJson(`{"events":[${'1,'.repeat(1_000_000)}1]}`, 3)).toThrow(TollgateError)
    expect(() => fitJson(`{"events":[${'{},'.repeat(1_000_000)}1]}`, 3)).toThrow(TollgateError)
  })
})
