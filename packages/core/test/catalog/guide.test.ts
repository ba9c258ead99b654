import { catalog } from '@tollgate/testing/catalog'
import { describe, expect, test } from 'vitest'
import { planLimit } from '../../src/testing.ts'

describe('the catalogue', () => {
  test('holds what the integration guide fixes', () => {
    expect(
      catalog.planIds.map((plan) => [
        plan,
        catalog.plans[plan].prices[0]?.unitAmount,
        ...catalog.meterIds.map((meter) => planLimit(catalog, plan, meter)),
      ]),
    ).toEqual([
      ['basic', 1_900, limited(100_000), limited(1_000), limited(100)],
      ['pro', 4_900, limited(1_000_000), limited(10_000), limited(1_000)],
      ['enterprise', 49_900, unlimited, unlimited, unlimited],
    ])
  })
})

const unlimited = { limit: 0, unlimited: true }

function limited(limit: number) {
  return { limit, unlimited: false }
}
