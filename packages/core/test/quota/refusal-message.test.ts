import { describe, expect, test } from 'vitest'
import type { Balance } from '../../src/quota/index.ts'
import { refusalMessage } from '../../src/quota/index.ts'
import { define } from '../catalog/base.ts'

const meters = { gb: { name: 'Storage', unit: ['GB', 'GB'] as const } }
const paid = { name: 'Basic', description: '', price: { month: { usd: 900 } } }
const plain = { basic: { ...paid, limits: { gb: 50 } } }
const free = { name: 'Free', description: '', price: null, limits: { gb: 10 } }
const balance: Balance = {
  meter: 'gb',
  used: 8,
  reserved: 0,
  limit: 10,
  unlimited: false,
  remaining: 2,
  credits: 0,
  overage: null,
  periodStart: '2026-11-01T00:00:00.000Z',
  resetsAt: '2026-12-01T00:00:00.000Z',
}
const message = (plans: object, change: Partial<Balance> = {}) =>
  refusalMessage(define({ meters, plans: { ...plain, ...plans } }), {
    reason: 'quota_exceeded',
    amount: 40,
    balance: { ...balance, ...change },
  })

describe('a refusal', () => {
  test('says how much is left and until when, where nothing else is on offer', () => {
    expect(message({})).toBe('This needs 40 GB; 2 of 10 are left until 2026-12-01 (UTC).')
  })

  test('says what is left with credits and overage, and that a higher cap would help', () => {
    expect(message({}, { credits: 5, remaining: 7 })).toBe(
      'This needs 40 GB; 7 are left, with credits.',
    )
    expect(message({}, { credits: 5, remaining: 17, overage: { used: 0, cap: 10 } })).toBe(
      'This needs 40 GB; 17 are left, with credits and overage. To go on, raise the cap on overage.',
    )
  })

  test('says that credits would help, where packs of the meter are sold', () => {
    const packs = { more: { name: 'More', meter: 'gb', amount: 10, price: { usd: 500 } } }
    const of = (reason: 'quota_exceeded' | 'no_subscription' | 'subscription_inactive') =>
      refusalMessage(define({ meters, plans: plain, packs }), { reason, amount: 40, balance })
    expect(of('quota_exceeded')).toBe(
      'This needs 40 GB; 2 of 10 are left until 2026-12-01 (UTC). To go on, buy credits.',
    )
    expect(of('no_subscription')).toBe(
      'There is no subscription. Choose a plan to start. Or buy credits.',
    )
    expect(of('subscription_inactive')).toContain('Or buy credits.')
  })

  test('of a limit that is the free plan’s names a larger plan', () => {
    expect(message({ free })).toBe(
      'This needs 40 GB; 2 of 10 are left until 2026-12-01 (UTC). To go on, choose a larger plan.',
    )
  })
})
