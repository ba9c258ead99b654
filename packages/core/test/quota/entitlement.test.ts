import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Count, QuotaRow } from '../../src/quota/index.ts'
import {
  entitlementAt as entitlementOf,
  NOTHING_BEYOND,
  quotaRules,
  refusalOf,
} from '../../src/quota/index.ts'
import { endedStatuses, graceEnd, runningStatuses } from '../../src/subscriptions/index.ts'
import { planLimit } from '../../src/testing.ts'
import { define } from '../catalog/base.ts'

const now = new Date('2026-11-15T12:00:00Z')
const row: QuotaRow = {
  status: 'active',
  plan: 'basic',
  pastDueSince: null,
  planLimit: { limit: 100, unlimited: false },
  override: null,
}

const meter = 'gb'
const paid = { name: 'Paid', description: '', price: { month: { usd: 100 } } }
const unfree = define({
  meters: { gb: { name: 'Storage', unit: ['GB', 'GB'] } },
  plans: { basic: { ...paid, limits: { gb: 100 } } },
})
/** Without a free plan. */
const entitlementAt = (quota: QuotaRow, at: Date, graceDays: number) =>
  entitlementOf({ meter, quota }, at, quotaRules(unfree, graceDays))

describe('the right to a meter', () => {
  test('comes from the plan, or from an override in its place', () => {
    expect(entitlementAt(row, now, 7)).toEqual({
      limit: 100,
      unlimited: false,
      source: 'plan',
      refusal: null,
    })
    const override = { limit: 0, unlimited: true }
    expect(entitlementAt({ ...row, override }, now, 7)).toMatchObject({
      unlimited: true,
      source: 'override',
    })
  })

  test('is nothing without a subscription that gives quota, whatever an override says', () => {
    const override = { limit: 5, unlimited: true }
    for (const [status, refusal] of [
      [null, 'no_subscription'],
      ['unpaid', 'subscription_inactive'],
      ['canceled', 'subscription_inactive'],
      ['past_due', 'subscription_inactive'],
    ] as const) {
      expect(entitlementAt({ ...row, status, override }, now, 7)).toEqual({
        limit: 0,
        unlimited: false,
        source: 'none',
        refusal,
      })
    }
  })

  test('is nothing for a plan that we do not know, and never unlimited by accident', () => {
    const unknown = { ...row, plan: null, planLimit: { limit: 0, unlimited: true } }
    const entitlement = entitlementAt(unknown, now, 7)
    expect(entitlement).toMatchObject({ limit: 0, unlimited: false, source: 'none' })
    expect(refusalOf(count(0, 0), entitlement, 1)).toBe('quota_exceeded')
  })

  test('of a past_due subscription ends with its grace, to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 1e10 }),
        (days, ms) => {
          const pastDueSince = new Date(now.getTime() - ms)
          const end = graceEnd('past_due', pastDueSince, days)
          const { refusal } = entitlementAt({ ...row, status: 'past_due', pastDueSince }, now, days)
          expect(refusal === null).toBe(end !== null && now < end)
        },
      ),
    )
  })
})

/** A count of a user without credits and overage. */
function count(used: number, reserved: number): Count {
  return { used, reserved, credited: 0, sold: 0, beyond: NOTHING_BEYOND }
}

describe('with a free plan, the right to a meter', () => {
  const status = fc.constantFrom(
    null,
    ...runningStatuses,
    ...endedStatuses,
    'a status of the future',
  )
  const limit = fc.constantFrom(0, 5, 'unlimited' as const, 'none' as const)
  const override = fc.option(fc.record({ limit: fc.nat(), unlimited: fc.boolean() }))
  const row = fc.record({
    status,
    plan: fc.constantFrom(null, 'basic'),
    pastDueSince: fc.option(fc.constantFrom(now, new Date('2026-10-01T00:00:00Z'))),
    planLimit: fc.record({ limit: fc.nat(), unlimited: fc.boolean() }),
    override,
  })

  test('is the free limit, or its override, exactly where there is none without it; else it is the same', () => {
    fc.assert(
      fc.property(row, limit, (quota, free) => {
        const plans = {
          free: { name: 'Free', description: '', price: null, limits: { gb: free } },
          basic: { ...paid, limits: { gb: 100 } },
        }
        const catalog = define({ meters: { gb: { name: 'Storage', unit: ['GB', 'GB'] } }, plans })
        const right = entitlementOf({ meter, quota }, now, quotaRules(catalog, 7))
        const without = entitlementAt(quota, now, 7)
        if (without.source !== 'none') {
          expect(right).toEqual(without)
          return
        }
        const expected = quota.override ?? planLimit(catalog, 'free', meter)
        const source = quota.override ? 'override' : 'plan'
        expect(right).toEqual({ ...expected, source, refusal: null })
      }),
    )
  })
})

describe('the decision', () => {
  test('is used + reserved + amount ≤ limit, and nothing else', () => {
    const units = fc.nat({ max: 1_000 })
    fc.assert(
      fc.property(
        units,
        units,
        fc.integer({ min: 1, max: 1_000 }),
        units,
        (used, reserved, amount, limit) => {
          const entitlement = { limit, unlimited: false, source: 'plan', refusal: null } as const
          const refusal = refusalOf(count(used, reserved), entitlement, amount)
          expect(refusal).toBe(used + reserved + amount <= limit ? null : 'quota_exceeded')
        },
      ),
    )
  })
})
