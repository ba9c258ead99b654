import { describe, expect, test } from 'vitest'
import { base, mistakes, put } from './base.ts'

// What a catalogue may say and this version does not do yet is refused by its name, not silently left out.

const later = (path: string, what: string) =>
  `${path}: this version does not support ${what} yet. Leave it out`

const year = { month: { usd: 900 }, year: { usd: 9_000 } }
const sold = { per: 1_000, price: { usd: 100 }, defaultCap: 'none' }

describe('this version refuses', () => {
  test.each<[string, string, unknown, string]>([
    ...['billing', 'day', 'hour', 'never'].map((resets): [string, string, unknown, string] => [
      `a window: ${resets}`,
      'meters.gb.resets',
      resets,
      later('meters.gb.resets', `'${resets}' (only 'month')`),
    ]),
    [
      'a second interval',
      'plans.starter.price',
      year,
      later('plans.starter.price', 'more than one interval'),
    ],
    ['overage', 'plans.team.overage', { gb: sold }, later('plans.team.overage', 'overage')],
    ['features', 'features', { sso: { name: 'SSO' } }, later('features', 'features')],
    [
      'packs',
      'packs',
      { big: { name: 'Big', meter: 'gb', amount: 10, price: { usd: 500 } } },
      later('packs', 'packs'),
    ],
    ['alerts', 'alerts', [0.8, 1], later('alerts', 'alerts')],
    ['options of checkout', 'checkout', { taxIds: true }, later('checkout', 'its options')],
  ])('%s', (_name, path, value, line) => {
    expect(mistakes(put(base(), path.split('.'), value))).toEqual([line])
  })

  test('a second currency', () => {
    const both = { month: { usd: 900, eur: 800 } }
    const wrong = put(
      put(base(), ['plans', 'starter', 'price'], both),
      ['plans', 'team', 'price'],
      both,
    )
    expect(mistakes(wrong)).toEqual([
      later('plans.starter.price', 'more than one currency'),
      later('plans.team.price', 'more than one currency'),
    ])
  })
})

test.each([
  ['no window but the month', 'meters.gb.resets', 'month'],
  ['empty features', 'features', {}],
  ['empty packs', 'packs', {}],
  ['no alerts', 'alerts', []],
  ['options that are off', 'checkout', { taxIds: false }],
  ['a free plan', 'plans.starter.price', null],
  ['no overage', 'plans.team.overage', {}],
  ['a price by the year alone', 'plans.team.price', { year: { usd: 49_000 } }],
])('%s is accepted', (_name, path, value) => {
  expect(mistakes(put(base(), path.split('.'), value))).toEqual([])
})
