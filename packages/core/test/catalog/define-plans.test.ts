import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findPlan, isMeter, offeredPlans, perMeter } from '../../src/catalog/index.ts'
import type { AnyCatalog } from '../../src/index.ts'
import { isPlan, viewCatalog } from '../../src/index.ts'
import { planLimit } from '../../src/testing.ts'
import { base, define, mistakes } from './base.ts'

// Any catalogue of 1 to 50 meters and plans comes out as it was declared.

const id = fc.oneof(
  fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,39}$/),
  fc.constantFrom('constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'),
)
const text = fc.string({ minLength: 1, maxLength: 100 }).filter((each) => each.trim() !== '')
const limit = fc.oneof(
  fc.integer({ min: 1 }),
  fc.maxSafeNat(),
  fc.constantFrom(0, 'unlimited' as const, 'none' as const),
)
/** Their names in the environment are all capitals. */
const planIds = fc.uniqueArray(id, {
  minLength: 1,
  maxLength: 50,
  selector: (each) => each.toLowerCase(),
})
const currency = fc.stringMatching(/^[a-z]{3}$/)

const definition = fc
  .tuple(fc.uniqueArray(id, { minLength: 1, maxLength: 50 }), planIds, currency)
  .chain(([meters, plans, usd]) =>
    fc.record({
      meters: records(
        meters,
        fc.record({ name: text, unit: fc.tuple(text, text) }, { noNullPrototype: true }),
      ),
      plans: records(
        plans,
        fc.record(
          {
            name: text,
            description: fc.string(),
            price: fc
              .tuple(fc.constantFrom('month', 'year'), fc.maxSafeNat())
              .map(([interval, amount]) => ({ [interval]: { [usd]: amount } })),
            limits: records(meters, limit),
            trialDays: fc.nat({ max: 730 }),
            retired: fc.boolean(),
          },
          { noNullPrototype: true, requiredKeys: ['name', 'description', 'price', 'limits'] },
        ),
      ),
    }),
  )

function records<T>(
  ids: readonly string[],
  value: fc.Arbitrary<T>,
): fc.Arbitrary<Record<string, T>> {
  return fc
    .tuple(...ids.map(() => value))
    .map((all) => Object.fromEntries(ids.map((each, index) => [each, all[index] as T])))
}

describe('a catalogue of any names', () => {
  test('keeps everything that was declared, in its order', () => {
    fc.assert(
      fc.property(definition, (declared) => {
        const view = viewCatalog(define(declared))
        expect(view.meters).toEqual(
          Object.entries(declared.meters).map(([each, { name, unit }]) => {
            return { id: each, name, unit, resets: 'month' }
          }),
        )
        expect(view.plans).toEqual(
          Object.entries(declared.plans).map(([each, plan]) => ({
            id: each,
            name: plan.name,
            description: plan.description,
            trialDays: plan.trialDays ?? 0,
            free: false,
            retired: plan.retired ?? false,
            prices: Object.entries(plan.price).flatMap(([interval, amounts]) =>
              Object.entries(amounts).map(([code, unitAmount]) => {
                return { interval, currency: code, unitAmount }
              }),
            ),
            limits: Object.entries(plan.limits).map(([meter, given]) => ({
              meter,
              ...meaning(given),
            })),
            features: [],
          })),
        )
      }),
    )
  })

  test('gives each plan its limits, and nothing to names that it lacks', () => {
    fc.assert(
      fc.property(definition, id, (declared, other) => {
        const catalog: AnyCatalog = define(declared)
        expect(catalog.meterIds).toEqual(Object.keys(declared.meters))
        expect(catalog.planIds).toEqual(Object.keys(declared.plans))
        for (const [plan, { limits }] of Object.entries(declared.plans)) {
          for (const [meter, given] of Object.entries(limits)) {
            expect(planLimit(catalog, plan, meter)).toEqual(meaning(given))
          }
        }
        expect(perMeter(catalog, (meter) => meter)).toEqual(
          Object.fromEntries(catalog.meterIds.map((meter) => [meter, meter])),
        )
        const [plan = ''] = catalog.planIds
        if (!Object.hasOwn(declared.meters, other)) {
          expect(isMeter(catalog, other)).toBe(false)
          expect(planLimit(catalog, plan, other)).toEqual({ limit: 0, unlimited: false })
        }
        if (!Object.hasOwn(declared.plans, other)) {
          expect(isPlan(catalog, other)).toBe(false)
          expect(findPlan(catalog, other)).toBeUndefined()
          expect(planLimit(catalog, other, 'a')).toEqual({ limit: 0, unlimited: false })
        }
      }),
    )
  })

  test('offers what is not retired, in its order', () => {
    fc.assert(
      fc.property(definition, (declared) => {
        const offered = Object.entries(declared.plans).flatMap(([each, { retired }]) =>
          retired === true ? [] : [each],
        )
        expect(offeredPlans(define(declared))).toEqual(offered)
      }),
    )
  })
})

/** In a plan 0 and 'unlimited' are without an end, 'none' is nothing. */
function meaning(given: number | 'unlimited' | 'none') {
  if (given === 0 || given === 'unlimited') return { limit: 0, unlimited: true }
  return { limit: given === 'none' ? 0 : given, unlimited: false }
}

test.each(['constructor', 'toString', 'hasOwnProperty'])(
  '%s is a name like any other, and none where it was not declared',
  (name) => {
    const catalog: AnyCatalog = define(base())
    expect(isMeter(catalog, name)).toBe(false)
    expect(isPlan(catalog, name)).toBe(false)
    expect(findPlan(catalog, name)).toBeUndefined()
    expect(planLimit(catalog, name, name)).toEqual({ limit: 0, unlimited: false })
    expect(planLimit(catalog, 'team', name)).toEqual({ limit: 0, unlimited: false })
    const meters = { [name]: { name: 'Meter', unit: ['one', 'many'] } }
    const plan = { name: 'Plan', description: '', price: { month: { usd: 1 } } }
    expect(mistakes({ meters, plans: { [name]: { ...plan, limits: {} } } })).toEqual([
      `plans.${name}.limits.${name}: is missing. Say what the plan gives of it: a number, 'unlimited' or 'none'`,
    ])
    const own: AnyCatalog = define({
      meters,
      plans: { [name]: { ...plan, limits: { [name]: 7 } } },
    })
    expect(planLimit(own, name, name)).toEqual({ limit: 7, unlimited: false })
  },
)

test('__proto__ is not a name', () => {
  const meters = JSON.parse('{ "__proto__": { "name": "M", "unit": ["a", "b"] } }')
  expect(mistakes({ ...base(), meters })).toContain(
    'meters."__proto__": is not an id: begin with a small letter, then up to 39 letters, digits and _',
  )
})

test('the first currency of the first price is the default', () => {
  expect(define(base()).defaultCurrency).toBe('usd')
})

test('what a caller leaves undefined is as if it were left out', () => {
  const { meters, plans } = base()
  const catalog = define({
    meters: { ...meters, gb: { ...meters.gb, resets: undefined } },
    plans: { ...plans, team: { ...plans.team, trialDays: undefined, retired: undefined } },
    features: undefined,
    packs: undefined,
    alerts: undefined,
    checkout: { taxIds: undefined },
  })
  expect(catalog.meters['gb']?.resets).toBe('month')
  expect(catalog.plans['team']).toMatchObject({ trialDays: 0, retired: false })
  expect(catalog.checkout).toEqual({ promotionCodes: false, automaticTax: false, taxIds: false })
})
