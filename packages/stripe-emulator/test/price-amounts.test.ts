import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Context } from '../src/core/context.ts'
import { decimalOf, decimalText, formatUnitMoney, roundDecimal } from '../src/core/money.ts'
import type { Price, PriceTier } from '../src/documents.ts'
import { createStore } from '../src/registry/collections.ts'
import { chargesOf, priceAmount } from '../src/resources/catalog/amount.ts'

/** An exact fraction, to say independently of the code what something costs. */
interface Fraction {
  over: bigint
  under: bigint
}

function fractionOf(decimal: string): Fraction {
  const places = decimal.split('.')[1]?.length ?? 0
  return { over: BigInt(decimal.replace('.', '')), under: 10n ** BigInt(places) }
}

function times({ over, under }: Fraction, factor: number): Fraction {
  return { over: over * BigInt(factor), under }
}

/** The whole number nearest to a fraction of 0 or more; a half goes up. */
function halfUp({ over, under }: Fraction): number {
  let whole = over / under
  if ((over - whole * under) * 2n >= under) whole += 1n
  return Number(whole)
}

const decimal = fc
  .tuple(fc.nat(100_000), fc.stringMatching(/^\d{0,12}$/))
  .map(([whole, places]) => (places === '' ? String(whole) : `${whole}.${places}`))

/** A decimal in the form in which prices keep it. */
const amount = decimal.map((text) => decimalText(decimalOf(text)))

const tiers = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), amount, fc.option(amount)), {
    minLength: 1,
    maxLength: 6,
  })
  .map((given) => {
    let bound = 0
    return given.map(([size, unit, flat], index): PriceTier => {
      bound += size
      return {
        flat_amount: null,
        flat_amount_decimal: flat,
        unit_amount: null,
        unit_amount_decimal: unit,
        up_to: index === given.length - 1 ? null : bound,
      }
    })
  })

const BASE: Price = {
  id: 'price_1',
  object: 'price',
  active: true,
  billing_scheme: 'per_unit',
  created: 0,
  currency: 'usd',
  custom_unit_amount: null,
  livemode: false,
  lookup_key: null,
  metadata: {},
  nickname: null,
  product: 'prod_1',
  recurring: null,
  tax_behavior: 'unspecified',
  tiers_mode: null,
  transform_quantity: null,
  type: 'one_time',
  unit_amount: null,
  unit_amount_decimal: null,
}

function contextWith(of: PriceTier[] | null): Context {
  const store = createStore()
  store.put('price_options', { id: BASE.id, tiers: of, currencies: {} })
  const settings = {
    baseUrl: '',
    dunning: { retryAfterDays: [], finally: 'cancel' as const },
    hasPortalSettings: true,
    upcomingInvoiceDays: null,
    apiVersion: '',
    tax: { percentage: 0, byCountry: {} },
    meterEvents: { hold: false, delaySeconds: 0 },
  }
  return new Context({ store, settings, request: { id: null, idempotencyKey: null }, now: 0 })
}

const plain = contextWith(null)

/** Each unit alone: from 1 to the quantity, the first tier whose bound it does not exceed. */
function unitByUnit(of: readonly PriceTier[], quantity: number): number[] {
  const counts = of.map(() => 0)
  for (let unit = 1; unit <= quantity; unit += 1) {
    const index = of.findIndex(({ up_to: end }) => end === null || unit <= end)
    counts[index] = (counts[index] ?? 0) + 1
  }
  return counts
}

describe('what a quantity costs', () => {
  test('per unit is the product, rounded half up once', () => {
    fc.assert(
      fc.property(amount, fc.nat(1_000_000), (unit, quantity) => {
        const price = { ...BASE, unit_amount_decimal: unit }
        expect(priceAmount(plain, price, { quantity })).toBe(
          halfUp(times(fractionOf(unit), quantity)),
        )
      }),
    )
  })

  test('in packages counts begun ones or full ones', () => {
    const round = fc.constantFrom('up' as const, 'down' as const)
    const size = fc.integer({ min: 1, max: 500 })
    fc.assert(
      fc.property(amount, fc.nat(5000), size, round, (unit, quantity, divide_by, rounds) => {
        const price = {
          ...BASE,
          unit_amount_decimal: unit,
          transform_quantity: { divide_by, round: rounds },
        }
        const full = Math.floor(quantity / divide_by)
        const packages = rounds === 'up' && full * divide_by < quantity ? full + 1 : full
        expect(priceAmount(plain, price, { quantity })).toBe(
          halfUp(times(fractionOf(unit), packages)),
        )
      }),
    )
  })

  test('in graduated tiers is what each unit costs in its own tier, and the flat amounts of the tiers reached', () => {
    const price = { ...BASE, billing_scheme: 'tiered', tiers_mode: 'graduated' }
    fc.assert(
      fc.property(tiers, fc.nat(400), (of, quantity) => {
        const counts = unitByUnit(of, quantity)
        const expected = of.flatMap((tier, index) => {
          const units = counts[index] ?? 0
          if (units === 0 && index > 0) return []
          const flat = tier.flat_amount_decimal
          return [
            {
              quantity: units,
              amount: halfUp(times(fractionOf(tier.unit_amount_decimal ?? '0'), units)),
            },
            ...(flat === null ? [] : [{ quantity: 0, amount: halfUp(fractionOf(flat)) }]),
          ]
        })
        const charges = chargesOf(contextWith(of), price, { quantity })
        expect(
          charges.map(({ amount: cost, quantity: units }) => ({ quantity: units, amount: cost })),
        ).toEqual(expected)
      }),
    )
  })

  test('in volume tiers is all units at the rate of one tier, and its flat amount', () => {
    const price = { ...BASE, billing_scheme: 'tiered', tiers_mode: 'volume' }
    fc.assert(
      fc.property(tiers, fc.nat(400), (of, quantity) => {
        const tier = of.find(({ up_to: end }) => end === null || quantity <= end)
        const flat = tier?.flat_amount_decimal ?? null
        expect(priceAmount(contextWith(of), price, { quantity })).toBe(
          halfUp(times(fractionOf(tier?.unit_amount_decimal ?? '0'), quantity)) +
            (flat === null ? 0 : halfUp(fractionOf(flat))),
        )
      }),
    )
  })

  test('of a fraction of a unit is exact as well', () => {
    const price = { ...BASE, unit_amount_decimal: '3' }
    expect(priceAmount(plain, price, { quantity: 0.5 })).toBe(2)
    expect(priceAmount(plain, price, { quantity: 0.1 })).toBe(0)
    expect(priceAmount(plain, { ...price, unit_amount_decimal: '10' }, { quantity: 1.25 })).toBe(13)
  })
})

describe('a decimal', () => {
  test('keeps its value in its shortest text, and rounds a half away from zero', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const shortest = decimalText(decimalOf(text))
        expect(decimalOf(shortest)).toBe(decimalOf(text))
        expect(shortest).not.toMatch(/\.\d*0$|\.$|^0\d/)
        expect(roundDecimal(decimalOf(text))).toBe(halfUp(fractionOf(text)))
        expect(roundDecimal(-decimalOf(text))).toBe(0 - halfUp(fractionOf(text)))
      }),
    )
  })

  test.each([
    ['1900', 'usd', '$19.00'],
    ['3.6', 'usd', '$0.036'],
    ['0.000000000001', 'usd', '$0.00000000000001'],
    ['2500', 'jpy', '¥2,500'],
    ['0.5', 'jpy', '¥0.5'],
    ['12340', 'kwd', 'KWD 12.340'],
    ['-1050', 'eur', '-€10.50'],
    ['9007199254740993', 'usd', '$90,071,992,547,409.93'],
  ])('%s of %s is written %s', (given, currency, expected) => {
    expect(formatUnitMoney(given, currency).replaceAll(/\s/g, ' ')).toBe(expected)
  })
})
