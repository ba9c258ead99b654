import { describe, expect, test } from 'vitest'
import { catalog, definePlans, planLimit } from '../../src/index.ts'

describe('the catalogue', () => {
  test('holds what the integration guide fixes', () => {
    expect(
      catalog.planIds.map((plan) => [
        plan,
        catalog.plans[plan].unitAmount,
        ...catalog.meterIds.map((meter) => planLimit(plan, meter)),
      ]),
    ).toEqual([
      ['basic', 1_900, limited(100_000), limited(1_000), limited(100)],
      ['pro', 4_900, limited(1_000_000), limited(10_000), limited(1_000)],
      ['enterprise', 49_900, unlimited, unlimited, unlimited],
    ])
  })

  test('refuses amounts and limits that are no whole numbers', () => {
    const plan = {
      ...catalog.plans.basic,
      limits: { ...catalog.plans.basic.limits, tokens: 1.5 },
    }
    expect(() => definePlans({ meters: catalog.meters, plans: { basic: plan } })).toThrow(
      'Plan basic: tokens must be a non-negative integer, not 1.5',
    )
  })
})

const unlimited = { limit: 0, unlimited: true }

function limited(limit: number) {
  return { limit, unlimited: false }
}
