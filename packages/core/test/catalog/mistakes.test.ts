import { describe, expect, test } from 'vitest'
import { CatalogError } from '../../src/index.ts'
import { base, define, mistakes, put } from './base.ts'

test('a catalogue without a mistake is accepted', () => {
  expect(mistakes(base())).toEqual([])
})

const many = (count: number, value: (n: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`id${n}`, value(n)]))

const planLike = {
  name: 'Plan',
  description: '',
  price: { month: { usd: 100 } },
  limits: { minutes: 1, gb: 1 },
}
const meterLike = { name: 'Meter', unit: ['one', 'many'] }

/** What is put where, and the line of the error. */
const single: [name: string, path: string, value: unknown, line: string][] = [
  [
    'a plan that lacks a meter',
    'plans.team.limits.gb',
    undefined,
    "plans.team.limits.gb: is missing. Say what the plan gives of it: a number, 'unlimited' or 'none'",
  ],
  [
    'a limit of a meter that there is not',
    'plans.team.limits.hours',
    5,
    'plans.team.limits.hours: is no meter of this catalogue: minutes, gb',
  ],
  [
    'a price without the default currency',
    'plans.team.price.month',
    { eur: 4_500 },
    // Each of two prices lacks the other's currency; of the first the default is meant.
    'plans.team.price.month: has no amount in usd, the default currency. Every price names the same currencies: add usd',
  ],
  [
    'an id with a space',
    'plans.big team',
    planLike,
    'plans."big team": is not an id: begin with a small letter, then up to 39 letters, digits and _',
  ],
  [
    'an id of 41 characters',
    `plans.a${'b'.repeat(40)}`,
    planLike,
    `plans."a${'b'.repeat(40)}": is not an id: begin with a small letter, then up to 39 letters, digits and _`,
  ],
  [
    'a feature that is not declared',
    'plans.team.features',
    { sso: true },
    'plans.team.features.sso: is no feature of this catalogue. Declare it in features',
  ],
  ['51 plans', 'plans', many(51, () => planLike), 'plans: has 51 entries; declare from 1 to 50'],
  ['no plan', 'plans', {}, 'plans: has 0 entries; declare from 1 to 50'],
  ['plans that are a list', 'plans', [], 'plans: must be an object with an entry for each id'],
  ['a plan that is a text', 'plans.team', 'team', 'plans.team: must be an object'],
  ['a meter that is null', 'meters.gb', null, 'meters.gb: must be an object'],
  [
    'a price that is a number',
    'plans.team.price',
    4_900,
    'plans.team.price: must be { month: { usd: 1_900 } }, in minor units, or null for the free plan',
  ],
  [
    'a price of no interval',
    'plans.team.price',
    {},
    'plans.team.price: must be { month: { usd: 1_900 } }, in minor units, or null for the free plan',
  ],
  [
    'a price of a week',
    'plans.team.price.week',
    { usd: 1 },
    "plans.team.price.week: is no interval: write 'month' or 'year'",
  ],
  [
    'amounts that are a number',
    'plans.team.price.month',
    4_900,
    'plans.team.price.month: must be amounts in minor units by currency, such as { usd: 1_900 }',
  ],
  [
    'an amount with cents after a point',
    'plans.team.price.month.usd',
    49.5,
    'plans.team.price.month.usd: must be a whole number of at least 0, not 49.5',
  ],
  [
    'an amount below nothing',
    'plans.team.price.month.usd',
    -1,
    'plans.team.price.month.usd: must be a whole number of at least 0, not -1',
  ],
  [
    'an amount that is a text',
    'plans.team.price.month.usd',
    '4900',
    'plans.team.price.month.usd: must be a whole number of at least 0, not "4900"',
  ],
  [
    'a limit below nothing',
    'plans.team.limits.gb',
    -5,
    "plans.team.limits.gb: must be a whole number of at least 0, 'unlimited' or 'none', not -5",
  ],
  [
    'a limit that is not safe',
    'plans.team.limits.gb',
    2 ** 53,
    "plans.team.limits.gb: must be a whole number of at least 0, 'unlimited' or 'none', not 9007199254740992",
  ],
  [
    'a limit that is null',
    'plans.team.limits.gb',
    null,
    "plans.team.limits.gb: must be a whole number of at least 0, 'unlimited' or 'none', not null",
  ],
  [
    'limits that are missing',
    'plans.team.limits',
    undefined,
    'plans.team.limits: must be an object with a limit for each meter',
  ],
  [
    'a name that is empty',
    'plans.team.name',
    ' ',
    'plans.team.name: must be a text of 1 to 100 characters',
  ],
  [
    'a description that is missing',
    'plans.team.description',
    undefined,
    'plans.team.description: must be a text',
  ],
  [
    'a trial of half a day',
    'plans.team.trialDays',
    0.5,
    'plans.team.trialDays: must be a whole number of at least 0, not 0.5',
  ],
  [
    'a trial that is null',
    'plans.team.trialDays',
    null,
    'plans.team.trialDays: must be a whole number of at least 0, not null',
  ],
  [
    'retired that is a text',
    'plans.team.retired',
    'yes',
    'plans.team.retired: must be true or false, not "yes"',
  ],
  [
    'a unit of one word',
    'meters.gb.unit',
    ['GB'],
    "meters.gb.unit: must be two texts, one of it and several of it: ['token', 'tokens']",
  ],
  [
    'a window of a week',
    'meters.gb.resets',
    'week',
    'meters.gb.resets: must be one of month, billing, day, hour, never, not "week"',
  ],
  [
    'a key that is misspelt',
    'plans.team.trailDays',
    7,
    'plans.team.trailDays: is not known here. Known are name, description, price, currency, unitAmount, interval, trialDays, limits, overage, features, retired',
  ],
  [
    'a part that is misspelt',
    'plan',
    {},
    'plan: is not known here. Known are meters, plans, features, packs, alerts, checkout',
  ],
  ['alerts that are a number', 'alerts', 0.8, 'alerts: must be a list, such as [0.8, 1]'],
  ['alerts that are null', 'alerts', null, 'alerts: must be a list, such as [0.8, 1]'],
  [
    'an alert above 1',
    'alerts',
    [0.5, 80],
    'alerts[1]: must be a share of the limit above 0 and up to 1, not 80',
  ],
  [
    'checkout that is null',
    'checkout',
    null,
    'checkout: must be an object with promotionCodes, automaticTax, taxIds',
  ],
  [
    'a checkout option that is a number',
    'checkout.taxIds',
    1,
    'checkout.taxIds: must be true or false, not 1',
  ],
  [
    'features that are null',
    'features',
    null,
    'features: must be an object with an entry for each id',
  ],
  [
    'overage that is a number',
    'plans.team.overage',
    5,
    'plans.team.overage: must be an object with an entry for each meter that is sold beyond its limit',
  ],
  [
    'a price in both forms',
    'plans.team.unitAmount',
    4_900,
    'plans.team.unitAmount: is said by price already. Leave it out',
  ],
]

describe('one mistake is named by its path, with what to write instead', () => {
  test.each(single)('%s', (_name, path, value, line) => {
    expect(mistakes(put(base(), path.split('.'), value))).toContain(line)
  })

  test.each(single.filter(([name]) => name !== 'a price without the default currency'))(
    '%s, and nothing else is',
    (_name, path, value) => {
      expect(mistakes(put(base(), path.split('.'), value))).toHaveLength(1)
    },
  )
})

describe('the short form of a price', () => {
  const short = { name: 'Team', description: '', limits: { minutes: 1, gb: 1 } }
  const withShort = (price: object) => put(base(), ['plans', 'team'], { ...short, ...price })

  test('is accepted', () => {
    const price = { currency: 'usd', unitAmount: 4_900, interval: 'month' }
    expect(mistakes(withShort(price))).toEqual([])
    expect(define(withShort(price)).plans['team']?.prices).toEqual([price])
  })

  test.each([
    [
      { unitAmount: 1, interval: 'month' },
      'plans.team.currency: must be three small letters, such as usd, not undefined',
    ],
    [
      { currency: 'USD', unitAmount: 1, interval: 'month' },
      'plans.team.currency: must be three small letters, such as usd, not "USD"',
    ],
    [
      { currency: 'usd', interval: 'month' },
      'plans.team.unitAmount: must be a whole number of at least 0, not undefined',
    ],
    [
      { currency: 'usd', unitAmount: 1, interval: 'day' },
      "plans.team.interval: must be 'month' or 'year', not \"day\"",
    ],
    [
      {},
      'plans.team.price: must be { month: { usd: 1_900 } }, in minor units, or null for the free plan',
    ],
  ])('%o', (price, line) => {
    expect(mistakes(withShort(price))).toEqual([line])
  })
})

test('two free plans', () => {
  const plans = {
    ...base().plans,
    free: { ...planLike, price: null },
    gratis: { ...planLike, price: null },
  }
  expect(mistakes({ ...base(), plans })).toEqual([
    'plans.gratis.price: only one plan can be free, and free and gratis are',
  ])
})

describe('two things of one name', () => {
  test('in the environment', () => {
    const plans = { teamPlus: planLike, teamplus: planLike }
    expect(mistakes({ ...base(), plans })).toEqual([
      'plans.teamplus: would be called STRIPE_PRICE_TEAMPLUS, as plans.teamPlus is. Choose another id for one of them',
      'plans.teamplus: would be called STRIPE_PRICE_TEAMPLUS_YEAR, as plans.teamPlus is. Choose another id for one of them',
    ])
  })

  test('in the environment and in Stripe: a plan that is called as the year of another', () => {
    const plans = { team: planLike, team_year: planLike }
    expect(mistakes({ ...base(), plans })).toEqual([
      'plans.team_year: would be called STRIPE_PRICE_TEAM_YEAR, as plans.team is. Choose another id for one of them',
      'plans.team_year: would be called tollgate_team_year, as plans.team is. Choose another id for one of them',
    ])
  })

  test('in Stripe and in the environment: a plan and a pack', () => {
    const plans = { pack_big: planLike }
    const packs = { big: { name: 'Big', meter: 'gb', amount: 1, price: { usd: 100 } } }
    expect(mistakes({ ...base(), plans, packs })).toEqual([
      'packs.big: would be called STRIPE_PRICE_PACK_BIG, as plans.pack_big is. Choose another id for one of them',
      'packs.big: would be called tollgate_pack_big, as plans.pack_big is. Choose another id for one of them',
    ])
  })

  test('in Stripe: the overage of two plans', () => {
    const overage = { per: 1, price: { usd: 1 }, defaultCap: 'none' }
    const meters = { b_c: meterLike, c: meterLike }
    const limits = { b_c: 1, c: 1 }
    const plans = {
      a: { ...planLike, limits, overage: { b_c: overage } },
      a_b: { ...planLike, limits, overage: { c: overage } },
    }
    expect(mistakes({ meters, plans })).toEqual([
      'plans.a_b.overage.c: would be called tollgate_a_b_c_overage, as plans.a.overage.b_c is. Choose another id for one of them',
    ])
    expect(
      mistakes({ meters, plans: { a: { ...planLike, limits }, a_b: { ...planLike, limits } } }),
    ).toEqual([])
  })
})

test('several mistakes are all reported, a line each', () => {
  const wrong = put(put(base(), ['meters', 'gb', 'name'], 5), ['plans', 'team', 'name'], '')
  expect(() => define(wrong)).toThrow(CatalogError)
  expect(() => define(wrong)).toThrow(
    'meters.gb.name: must be a text of 1 to 100 characters\nplans.team.name: must be a text of 1 to 100 characters',
  )
})

const values: unknown[] = [
  undefined,
  null,
  0,
  Number.NaN,
  true,
  '',
  'text',
  [],
  {},
  Object.create(null),
  () => 1,
  Symbol('s'),
  10n,
]
const places = [
  ...['', 'meters', 'plans', 'features', 'packs', 'alerts', 'checkout', 'meters.gb'],
  ...['meters.gb.name', 'meters.gb.unit', 'meters.gb.resets', 'plans.team', 'plans.team.name'],
  ...['plans.team.description', 'plans.team.price', 'plans.team.price.month', 'plans.team.overage'],
  ...['plans.team.price.month.usd', 'plans.team.limits', 'plans.team.limits.gb', 'features.sso'],
  ...['plans.team.features', 'plans.team.overage.gb', 'plans.team.retired', 'packs.big'],
  ...['packs.big.price', 'plans.team.trialDays', 'checkout.taxIds'],
]

test.each(places)(
  'whatever a JavaScript caller writes at "%s" is accepted or a CatalogError',
  (place) => {
    for (const value of values) {
      const path = place === '' ? [] : place.split('.')
      for (const line of mistakes(put(base(), path, value))) expect(line).toMatch(/^[\w.[\]"]+: ./)
    }
  },
)
