import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Count, QuotaRow } from '../../src/quota/index.ts'
import { entitlementAt, NOTHING_BEYOND, refusalOf } from '../../src/quota/index.ts'
import { graceEnd } from '../../src/subscriptions/index.ts'

const now = new Date('2026-11-15T12:00:00Z')
const row: QuotaRow = {
  status: 'active',
  plan: 'basic',
  pastDueSince: null,
  planLimit: { limit: 100, unlimited: false },
  override: null,
}

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
