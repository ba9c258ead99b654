import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import { can, getFeatures, getUser, listAudit, setFeature } from '../../src/index.ts'
import { define } from '../catalog/base.ts'
import { addUser, type Harness, startCore } from '../harness.ts'

// What a plan switches on: by the status of the subscription, the free plan, and an operator's word.

const meters = { gb: { name: 'Storage', unit: ['GB', 'GB'] } }
const features = {
  sso: { name: 'Single sign-on' },
  projects: { name: 'Projects', type: 'number' },
  constructor: { name: 'A name that every object has' },
}
const team = {
  name: 'Team',
  description: '',
  price: { month: { usd: 900 } },
  limits: { gb: 1 },
  features: { sso: true, projects: 10 },
}
const free = {
  name: 'Free',
  description: '',
  price: null,
  limits: { gb: 1 },
  features: { projects: 1 },
}
const without = define({ meters, features, plans: { team } })
const withFree = define({ meters, features, plans: { free, team } })

let core: Harness
let ctx: Context
beforeEach(async () => {
  core = await startCore(without)
  ctx = core.ctx
})
afterEach(() => core.close())

async function userWith(status: string | null, plan: string | null = 'team'): Promise<string> {
  const userId = await addUser(ctx)
  if (status === null) return userId
  const since = status === 'past_due' ? '2026-10-01T00:00:00Z' : null
  await ctx.db.pool.query(
    `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount, interval,
       quantity, current_period_start, current_period_end, past_due_since, created_at, synced_at)
     VALUES ('sub_' || $1, $1, 'cus', true, $2, $3, 'usd', 900, 'month', 1, now(), now(), $4, now(), now())`,
    [userId, status, plan, since],
  )
  return userId
}

const NOTHING = { sso: false, projects: 0, constructor: false }
const TEAM = { sso: true, projects: 10, constructor: false }
const FREE = { sso: false, projects: 1, constructor: false }

test.each<[string | null, string | null, object, object]>([
  ['active', 'team', TEAM, TEAM],
  ['trialing', 'team', TEAM, TEAM],
  ['active', null, NOTHING, FREE],
  ['past_due', 'team', NOTHING, FREE],
  ['unpaid', 'team', NOTHING, FREE],
  ['paused', 'team', NOTHING, FREE],
  ['incomplete', 'team', NOTHING, FREE],
  [null, null, NOTHING, FREE],
])(
  'of a subscription that is %s, on %s: its plan’s, else those of the free plan, else none',
  async (status, plan, paid, orFree) => {
    const userId = await userWith(status, plan)
    expect(await getFeatures(ctx, { userId })).toEqual(paid)
    expect(await getFeatures({ ...ctx, catalog: withFree }, { userId })).toEqual(orFree)
  },
)

const actor = { kind: 'admin', id: 'a' } as const
const set = (userId: string, feature: string, value: boolean | number | null) =>
  setFeature(ctx, { userId, feature, value, reason: 'as agreed', actor })

describe('an operator', () => {
  test('overrides a feature, whatever the plan, until it is set to null; the audit log has each', async () => {
    const userId = await userWith('active')
    const other = await userWith(null)
    const before = await getUser(ctx, { userId })
    expect(before.features[0]).toEqual({ feature: 'sso', value: true, source: 'plan' })
    expect(await set(userId, 'projects', 50)).toEqual({
      feature: 'projects',
      value: 50,
      source: 'override',
    })
    expect(await set(userId, 'sso', false)).toMatchObject({ value: false, source: 'override' })
    expect(await set(other, 'sso', true)).toMatchObject({ value: true, source: 'override' })
    expect(await getFeatures(ctx, { userId })).toEqual({ ...TEAM, projects: 50, sso: false })
    expect(await can(ctx, { userId: other, feature: 'sso' })).toBe(true)
    expect(await set(userId, 'projects', null)).toMatchObject({ value: 10, source: 'plan' })
    expect(await set(other, 'sso', null)).toMatchObject({ value: false, source: 'none' })
    const { items } = await listAudit(ctx)
    expect(items).toHaveLength(5)
    expect(items[1]).toMatchObject({
      action: 'feature.set',
      reason: 'as agreed',
      details: { feature: 'projects', value: null },
    })
  })

  test.each<[string, string, boolean | number | null]>([
    ['an unknown feature', 'saml', true],
    ['a name of every object', 'toString', true],
    ['a number for true or false', 'sso', 1],
    ['true for a number', 'projects', true],
    ['a fraction', 'projects', 1.5],
    ['less than nothing', 'projects', -1],
  ])('can’t set %s', async (_, feature, value) => {
    const userId = await userWith('active')
    await expect(set(userId, feature, value)).rejects.toMatchObject({ code: 'VALIDATION' })
    expect(await getFeatures(ctx, { userId })).toEqual(TEAM)
  })
})

test('any value that can be set is given back as it was', async () => {
  const userId = await userWith('active')
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.maxSafeNat(), async (sso, projects) => {
      await set(userId, 'sso', sso)
      await set(userId, 'projects', projects)
      expect(await getFeatures(ctx, { userId })).toMatchObject({ sso, projects })
    }),
    { numRuns: 20 },
  )
})

test('an unknown user or feature is refused', async () => {
  await expect(getFeatures(ctx, { userId: 'nobody' })).rejects.toMatchObject({
    code: 'USER_NOT_FOUND',
  })
  const userId = await userWith(null)
  await expect(can(ctx, { userId, feature: 'saml' })).rejects.toMatchObject({
    code: 'VALIDATION',
    issues: [{ path: 'feature', message: '"saml" is not one of sso, projects, constructor' }],
  })
})
