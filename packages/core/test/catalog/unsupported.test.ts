import { describe, expect, test } from 'vitest'
import { base, mistakes, put } from './base.ts'

// What a catalogue may say and this version does not do yet is refused by its name, not silently left out.

const later = (path: string, what: string) =>
  `${path}: this version does not support ${what} yet. Leave it out`

const sold = { per: 1_000, price: { usd: 100 }, defaultCap: 'none' }

describe('this version refuses', () => {
  test.each<[string, string, unknown, string]>([
    ['overage', 'plans.team.overage', { gb: sold }, later('plans.team.overage', 'overage')],
  ])('%s', (_name, path, value, line) => {
    expect(mistakes(put(base(), path.split('.'), value))).toEqual([line])
  })
})

test('a second currency is accepted', () => {
  const price = { month: { usd: 900, eur: 800 } }
  const both = put(
    put(base(), ['plans', 'starter', 'price'], price),
    ['plans', 'team', 'price'],
    price,
  )
  expect(mistakes(both)).toEqual([])
})

test.each([
  ['features', 'features', { sso: { name: 'SSO' } }],
  ['empty features', 'features', {}],
  ['empty packs', 'packs', {}],
  ['no alerts', 'alerts', []],
  ['alerts', 'alerts', [0.8, 1]],
  ['options of checkout', 'checkout', { taxIds: true, promotionCodes: false }],
  ['a free plan', 'plans.starter.price', null],
  ['a second interval', 'plans.starter.price', { month: { usd: 900 }, year: { usd: 9_000 } }],
  ['no overage', 'plans.team.overage', {}],
  ['a price by the year alone', 'plans.team.price', { year: { usd: 49_000 } }],
])('%s is accepted', (_name, path, value) => {
  expect(mistakes(put(base(), path.split('.'), value))).toEqual([])
})
