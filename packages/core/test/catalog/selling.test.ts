import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checkCurrency,
  checkOffered,
  freePlan,
  intervalOf,
  offeredIntervals,
  offeredPlans,
  planFeature,
} from '../../src/catalog/index.ts'
import type { AnyCatalog } from '../../src/index.ts'
import { viewCatalog } from '../../src/index.ts'
import { define, mistakes } from './base.ts'

// Any catalogue with a free plan, features, and plans by month and year in some currencies.

const id = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/)
const currencies = fc.uniqueArray(fc.stringMatching(/^[a-z]{3}$/), { minLength: 1, maxLength: 4 })
const features = fc.dictionary(id, fc.constantFrom('boolean', 'number', undefined), { maxKeys: 4 })

interface Drawn {
  codes: string[]
  types: Record<string, string | undefined>
  plans: [string, { month?: number[]; year?: number[]; retired: boolean; given: number[] }][]
  free: number | null
}

const drawn: fc.Arbitrary<Drawn> = fc.tuple(currencies, features).chain(([codes, types]) => {
  const amounts = fc.array(fc.maxSafeNat(), { minLength: codes.length, maxLength: codes.length })
  const given = fc.array(fc.nat({ max: 3 }), { minLength: 4, maxLength: 4 })
  const rest = { retired: fc.boolean(), given }
  const plan = fc.oneof(
    fc.record({ month: amounts, ...rest }),
    fc.record({ year: amounts, ...rest }),
    fc.record({ month: amounts, year: amounts, ...rest }),
  )
  return fc.record({
    codes: fc.constant(codes),
    types: fc.constant(types),
    plans: fc.uniqueArray(fc.tuple(id, plan), {
      minLength: 1,
      maxLength: 8,
      selector: ([name]) => name,
    }),
    free: fc.option(fc.nat({ max: 7 })),
  })
})

/** The definition, and what has to follow from it. */
function declare({ codes, types, plans, free }: Drawn) {
  const freeId = free === null ? null : (plans[free]?.[0] ?? null)
  const amountsOf = (amounts: number[]) =>
    Object.fromEntries(codes.map((code, at) => [code, amounts[at] ?? 0]))
  const valuesOf = (given: number[]) =>
    Object.entries(types).flatMap(([feature, type], at): [string, boolean | number][] => {
      const value = given[at % given.length] ?? 0
      // 3: the plan does not name it.
      if (value === 3) return []
      return [[feature, type === 'number' ? value : value > 0]]
    })
  const expected = plans.map(([plan, { month, year, retired, given }]) => ({
    plan,
    isFree: plan === freeId,
    retired: retired && plan !== freeId,
    prices: plan === freeId ? {} : { ...(month && { month }), ...(year && { year }) },
    values: Object.fromEntries(valuesOf(given)),
  }))
  const definition = {
    meters: { gb: { name: 'Storage', unit: ['GB', 'GB'] } },
    features: Object.fromEntries(
      Object.entries(types).map(([feature, type]) => [
        feature,
        { name: 'F', ...(type && { type }) },
      ]),
    ),
    plans: Object.fromEntries(
      expected.map(({ plan, isFree, retired, prices, values }) => [
        plan,
        {
          name: plan,
          description: '',
          limits: { gb: 1 },
          features: values,
          ...(retired && { retired }),
          price: isFree
            ? null
            : Object.fromEntries(
                Object.entries(prices).map(([interval, amounts]) => [interval, amountsOf(amounts)]),
              ),
        },
      ]),
    ),
  }
  return { catalog: define(definition) as AnyCatalog, expected, codes, freeId }
}

/** A name of a plan that would share its lookup key with another's year is refused; none is drawn, for want of a `_`. */
describe('a catalogue of free plans, intervals, currencies and features', () => {
  test('sells each plan at each of its intervals in each currency, the first one before the others', () => {
    fc.assert(
      fc.property(drawn, (each) => {
        const { catalog, expected, codes, freeId } = declare(each)
        expect(freePlan(catalog)).toBe(freeId)
        expect(viewCatalog(catalog).plans).toMatchObject(
          expected.map(({ plan, isFree, retired, prices }) => ({
            id: plan,
            free: isFree,
            retired,
            prices: Object.entries(prices).flatMap(([interval, amounts]) =>
              codes.map((currency, at) => ({ interval, currency, unitAmount: amounts[at] ?? 0 })),
            ),
          })),
        )
        const offered = expected.filter(({ isFree, retired }) => !isFree && !retired)
        expect(offeredPlans(catalog)).toEqual(offered.map(({ plan }) => plan))
        expect(offeredIntervals(catalog)).toEqual(
          offered.flatMap(({ plan, prices }) =>
            Object.keys(prices).map((interval) => ({ plan, interval })),
          ),
        )
      }),
    )
  })

  test('refuses what it does not sell, and nothing else', () => {
    fc.assert(
      fc.property(drawn, (each) => {
        const { catalog, expected, codes } = declare(each)
        for (const { plan, isFree, retired, prices } of expected) {
          const code = isFree ? 'VALIDATION' : retired ? 'UNKNOWN_PLAN' : null
          expect(codeOf(() => checkOffered(catalog, plan))).toBe(code)
          if (isFree) continue
          for (const interval of ['month', 'year'] as const) {
            const isSold = Object.hasOwn(prices, interval)
            expect(codeOf(() => intervalOf(catalog, plan, interval))).toBe(
              isSold ? null : 'VALIDATION',
            )
          }
          expect(intervalOf(catalog, plan, undefined)).toBe(Object.keys(prices)[0])
          for (const currency of codes) {
            expect(codeOf(() => checkCurrency(catalog, plan, currency))).toBeNull()
          }
          expect(codeOf(() => checkCurrency(catalog, plan, 'length'))).toBe('VALIDATION')
        }
      }),
    )
  })

  test('gives each feature the value of the plan; false or 0 where it names none, and without a plan', () => {
    fc.assert(
      fc.property(drawn, (each) => {
        const { catalog, expected } = declare(each)
        for (const [feature, type] of Object.entries(each.types)) {
          const nothing = type === 'number' ? 0 : false
          expect(planFeature(catalog, null, feature)).toBe(nothing)
          for (const { plan, values } of expected) {
            const value = Object.hasOwn(values, feature) ? values[feature] : nothing
            expect(planFeature(catalog, plan, feature)).toBe(value)
          }
        }
      }),
    )
  })
})

function codeOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    return Object(error).code
  }
}

const plan = { name: 'Plan', description: '', limits: { gb: 1 } }
const meters = { gb: { name: 'Storage', unit: ['GB', 'GB'] } }

test.each<[string, object, string]>([
  [
    'a trial',
    { trialDays: 7 },
    'plans.free.trialDays: must be left out: the free plan costs nothing',
  ],
  [
    'retirement',
    { retired: true },
    'plans.free.retired: must be left out: take the free plan out of the catalogue',
  ],
])('a free plan has no such thing as %s', (_, more, line) => {
  const plans = { free: { ...plan, price: null, ...more } }
  expect(mistakes({ meters, plans })).toEqual([line])
})
