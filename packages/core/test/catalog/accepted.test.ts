import { expect, test } from 'vitest'
import { base, mistakes, put } from './base.ts'

const sold = { per: 1_000, price: { usd: 100 }, defaultCap: 'none' }
const big = { name: 'Big', meter: 'gb', amount: 10, price: { usd: 500 } }

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
  ['packs', 'packs', { big }],
  ['no alerts', 'alerts', []],
  ['alerts', 'alerts', [0.8, 1]],
  ['options of checkout', 'checkout', { taxIds: true, promotionCodes: false }],
  ['a free plan', 'plans.starter.price', null],
  ['a second interval', 'plans.starter.price', { month: { usd: 900 }, year: { usd: 9_000 } }],
  ['no overage', 'plans.team.overage', {}],
  ['overage', 'plans.team.overage', { gb: sold }],
  ['a price by the year alone', 'plans.team.price', { year: { usd: 49_000 } }],
])('%s is accepted', (_name, path, value) => {
  expect(mistakes(put(base(), path.split('.'), value))).toEqual([])
})
