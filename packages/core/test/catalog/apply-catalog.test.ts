import { catalog } from '@tollgate/testing/catalog'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnyCatalog, Context } from '../../src/index.ts'
import {
  applyCatalog,
  CatalogError,
  consumeUsage,
  createCheckout,
  getQuota,
  listPlans,
  viewCatalog,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, addUser, startCore } from '../harness.ts'
import { define } from './base.ts'

// What a start with another catalogue does to those who are there already.

let core: Harness
beforeEach(async () => {
  core = await startCore()
})
afterEach(() => core.close())

const meters = { tokens: { name: 'Tokens', unit: ['token', 'tokens'] } }
const plan = (tokens: number, more: object = {}) => {
  return {
    name: 'Plan',
    description: '',
    price: { month: { usd: 100 } },
    limits: { tokens },
    ...more,
  }
}

function withPlans(plans: object): Context {
  return { ...core.ctx, catalog: define({ meters, plans }) as AnyCatalog }
}

const quotaOf = async (ctx: Context, userId: string) =>
  (await getQuota(ctx, { userId })).map(({ meter, limit, source }) => [meter, limit, source])

describe('a plan that is not in the catalogue', () => {
  const without = () => withPlans({ basic: plan(1) })

  test('may go while no customer has or had it', async () => {
    await addSubscriber(core.ctx, { plan: 'basic' })
    expect(await applyCatalog(without())).toBeGreaterThan(0)
  })

  test('stops the start while a customer is on it', async () => {
    const userId = await addSubscriber(core.ctx, { plan: 'pro' })
    const before = await quotaOf(core.ctx, userId)
    await expect(applyCatalog(without())).rejects.toThrow(
      'plans.pro: is not in the catalogue, and there is 1 customer on it. Put it back with retired: true, then nobody can buy it',
    )
    expect(await quotaOf(core.ctx, userId)).toEqual(before)
  })

  test('stops the start with how many are on it, for each such plan', async () => {
    await addSubscriber(core.ctx, { plan: 'pro' })
    await addSubscriber(core.ctx, { plan: 'pro' })
    await addSubscriber(core.ctx, { plan: 'enterprise' })
    const error = await applyCatalog(without()).catch((caught: unknown) => caught)
    if (!(error instanceof CatalogError)) throw new Error('it was not refused')
    expect(error.issues.map(({ path, message }) => [path, message.split('. ')[0]])).toEqual([
      ['plans.enterprise', 'is not in the catalogue, and there is 1 customer on it'],
      ['plans.pro', 'is not in the catalogue, and there are 2 customers on it'],
    ])
  })

  test('stops the start when it was sold once', async () => {
    const userId = await addSubscriber(core.ctx, { plan: 'pro' })
    await core.ctx.db.pool.query('UPDATE subscriptions SET is_current = false WHERE user_id = $1', [
      userId,
    ])
    await expect(applyCatalog(without())).rejects.toThrow('there is 1 customer that had it.')
  })

  test('stops the start while a customer changes to it', async () => {
    const userId = await addSubscriber(core.ctx, { plan: 'basic' })
    await core.ctx.db.pool.query(
      `UPDATE subscriptions SET pending_plan = 'pro' WHERE user_id = $1`,
      [userId],
    )
    await expect(applyCatalog(without())).rejects.toThrow('plans.pro: is not in the catalogue')
  })
})

describe('a retired plan', () => {
  const retired = () => withPlans({ basic: plan(1), pro: plan(2_000, { retired: true }) })

  test('keeps its quota', async () => {
    const userId = await addSubscriber(core.ctx, { plan: 'pro' })
    const ctx = retired()
    await applyCatalog(ctx)
    expect(await quotaOf(ctx, userId)).toEqual([['tokens', 2_000, 'plan']])
    const use = { userId, meter: 'tokens', amount: 2_000, idempotencyKey: 'k' }
    expect(await consumeUsage(ctx, use)).toMatchObject({ allowed: true })
  })

  test('is not offered, but its name can be shown', async () => {
    const ctx = retired()
    expect((await listPlans(ctx)).map(({ id }) => id)).toEqual(['basic'])
    expect(viewCatalog(ctx.catalog).plans.map(({ id, retired }) => [id, retired])).toEqual([
      ['basic', false],
      ['pro', true],
    ])
  })

  test('cannot be bought', async () => {
    const ctx = retired()
    const userId = await addUser(ctx)
    await expect(createCheckout(ctx, { userId, plan: 'pro' })).rejects.toMatchObject({
      code: 'UNKNOWN_PLAN',
      message: 'plan: "pro" is not one of basic',
    })
  })
})

describe('a catalogue that changed', () => {
  test('changes limits from the next decision on, and a repeat finds nothing to do', async () => {
    const userId = await addSubscriber(core.ctx, { plan: 'basic' })
    const ctx = withPlans({ basic: plan(5) })
    expect(await applyCatalog(ctx)).toBe(3)
    expect(await quotaOf(ctx, userId)).toEqual([['tokens', 5, 'plan']])
    expect(await applyCatalog(ctx)).toBe(0)
  })

  test('gives a new meter to those who subscribe already', async () => {
    const userId = await addSubscriber(core.ctx, { plan: 'basic' })
    await applyCatalog(withPlans({ basic: plan(5) }))
    expect(await applyCatalog(core.ctx)).toBe(catalog.meterIds.length)
    expect(await quotaOf(core.ctx, userId)).toEqual(
      catalog.meterIds.map((meter) => [meter, catalog.plans.basic.limits[meter].limit, 'plan']),
    )
  })
})
