import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { completeOverage } from '../../src/billing/index.ts'
import type { Context } from '../../src/index.ts'
import {
  cancelSubscription,
  changePlan,
  createCheckout,
  previewChange,
  resumeSubscription,
  syncBilling,
} from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import {
  authenticate,
  DAY_MS,
  GOOD_CARD,
  pass,
  payFrom,
  payWith,
  startBilling,
} from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'
import { catalog } from './overage-catalog.ts'
import { buy, catchUp, itemsOf, liveOf, sells, termsOf } from './overage-harness.ts'

let core: BillingHarness
let ctx: Context
beforeEach(async () => {
  core = await startBilling({ catalog })
  ctx = core.ctx
})
afterEach(() => core.close())

const PRO = ['tollgate_pro', 'tollgate_pro_renders_overage', 'tollgate_pro_tokens_overage']
const MAX = ['tollgate_max', 'tollgate_max_tokens_overage']

describe('a plan by the month', () => {
  test('is bought with its metered prices, and what is sold follows from its own items', async () => {
    const userId = await buy(core, 'pro')
    expect(await itemsOf(ctx, userId)).toEqual(PRO)
    expect(await termsOf(ctx, userId)).toEqual([
      {
        ...{ meter: 'renders', price: 30, selling: true, default_cap: null, sells_until: null },
        period_start: new Date('2026-11-15T12:00:00Z'),
        period_end: new Date('2026-12-15T12:00:00Z'),
        item_since: new Date('2026-11-15T12:00:00Z'),
      },
      expect.objectContaining({ meter: 'tokens', price: 2.5, default_cap: 10_000 }),
    ])
  })

  test('without overage has no such item', async () => {
    const userId = await buy(core, 'none')
    expect(await itemsOf(ctx, userId)).toEqual(['tollgate_none'])
    expect(await termsOf(ctx, userId)).toEqual([])
  })

  test('keeps one open session, and opens another where what it sells beyond the limit has another price', async () => {
    const userId = await addUser(ctx)
    const first = await createCheckout(ctx, { userId, plan: 'pro' })
    expect(await createCheckout(ctx, { userId, plan: 'pro' })).toEqual(first)
    await ctx.stripe.call(async (stripe) => {
      const { data } = await stripe.prices.list({ lookup_keys: ['tollgate_pro_tokens_overage'] })
      await stripe.prices.update(data[0]?.id ?? '', { active: false })
    })
    expect(await createCheckout(ctx, { userId, plan: 'pro' })).not.toEqual(first)
  })
})

describe('a plan by the year', () => {
  test('gets its monthly item right after the payment, once, however often that is asked for', async () => {
    const userId = await addUser(ctx)
    await payWith(GOOD_CARD, (await createCheckout(ctx, { userId, plan: 'annual' })).url)
    await syncBilling(ctx, { userId })
    expect(await itemsOf(ctx, userId)).toEqual(['tollgate_annual_year'])
    expect(await sells(ctx, userId)).toBe(false)
    await Promise.all([completeOverage(ctx), completeOverage(core.another())])
    expect(await itemsOf(ctx, userId)).toEqual([
      'tollgate_annual_tokens_overage',
      'tollgate_annual_year',
    ])
    const { metadata, items } = await liveOf(ctx, userId)
    expect(metadata['tollgate_overage_due']).toBeUndefined()
    expect(await sells(ctx, userId)).toBe(true)
    await catchUp(ctx, userId)
    expect((await liveOf(ctx, userId)).items.data).toEqual(items.data)
  })

  test('is shown, cancelled and previewed with the year of the plan, not with the month of its overage', async () => {
    const userId = await buy(core, 'annual')
    const shown = await syncBilling(ctx, { userId })
    expect(shown).toMatchObject({
      currentPeriodStart: '2026-11-15T12:00:00.000Z',
      currentPeriodEnd: '2027-11-15T12:00:00.000Z',
    })
    const cancelled = await cancelSubscription(ctx, { userId })
    expect(cancelled.cancelAt).toBe('2027-11-15T12:00:00.000Z')
    expect((await liveOf(ctx, userId)).cancel_at_period_end).toBe(false)
    expect((await resumeSubscription(ctx, { userId })).cancelAt).toBeNull()
    const preview = await previewChange(ctx, { userId, plan: 'pro' })
    expect(preview).toMatchObject({ dueNow: 0, effectiveAt: '2027-11-15T12:00:00.000Z' })
  })

  test('stops selling before its end, early enough for the last invoice', async () => {
    const userId = await buy(core, 'annual')
    await cancelSubscription(ctx, { userId })
    const [row] = await termsOf(ctx, userId)
    expect(row?.sells_until).toEqual(new Date('2027-11-15T11:45:00Z'))
  })
})

describe('a change of plan', () => {
  test('to more takes the items of the new plan in place of those of the old one', async () => {
    const userId = await buy(core, 'pro')
    pass(core, 5 * DAY_MS)
    await changePlan(ctx, { userId, plan: 'max' })
    expect(await itemsOf(ctx, userId)).toEqual(MAX)
    const rows = await termsOf(ctx, userId)
    expect(rows.map(({ meter, selling }) => [meter, selling])).toEqual([
      ['renders', false],
      ['tokens', true],
    ])
    // The billing period goes on; what is sold from now on is of the new item.
    expect(rows[1]).toMatchObject({
      price: 1.25,
      period_start: new Date('2026-11-15T12:00:00Z'),
      item_since: new Date('2026-11-20T12:00:00Z'),
    })
  })

  test('that waits for 3-D Secure changes no item until it is paid; a later sync then does', async () => {
    const userId = await buy(core, 'pro')
    await payFrom(ctx, userId, 'pm_card_authenticationRequired')
    const { actionUrl } = await changePlan(ctx, { userId, plan: 'max' })
    expect(await itemsOf(ctx, userId)).toEqual(PRO)
    await catchUp(ctx, userId)
    expect(await itemsOf(ctx, userId)).toEqual(PRO)
    await authenticate(actionUrl ?? '', 'complete')
    await syncBilling(ctx, { userId })
    expect(await sells(ctx, userId)).toBe(false)
    await catchUp(ctx, userId)
    expect(await itemsOf(ctx, userId)).toEqual(MAX)
    expect(await sells(ctx, userId)).toBe(true)
  })

  test('that is declined leaves the items and the selling as they were', async () => {
    const userId = await buy(core, 'pro')
    await payFrom(ctx, userId, 'pm_card_chargeCustomerFail')
    await expect(changePlan(ctx, { userId, plan: 'max' })).rejects.toMatchObject({
      code: 'STRIPE_REJECTED',
    })
    await catchUp(ctx, userId)
    expect(await itemsOf(ctx, userId)).toEqual(PRO)
    expect(await sells(ctx, userId)).toBe(true)
  })

  test('to less brings the items of the new plan with the new period', async () => {
    const userId = await buy(core, 'max')
    await changePlan(ctx, { userId, plan: 'pro' })
    expect(await itemsOf(ctx, userId)).toEqual(MAX)
    expect((await termsOf(ctx, userId))[0]?.sells_until).toEqual(new Date('2026-12-15T11:45:00Z'))
    pass(core, 31 * DAY_MS)
    await catchUp(ctx, userId)
    expect(await itemsOf(ctx, userId)).toEqual(PRO)
    expect(await sells(ctx, userId)).toBe(true)
  })

  test('to less, then to another plan, and back again, leaves the items of one plan alone', async () => {
    const userId = await buy(core, 'max')
    await changePlan(ctx, { userId, plan: 'pro' })
    await changePlan(ctx, { userId, plan: 'none' })
    const { schedule } = await liveOf(ctx, userId)
    const found = await ctx.stripe.call((stripe) =>
      stripe.subscriptionSchedules.retrieve(String(schedule)),
    )
    expect(found.phases.at(-1)?.items).toHaveLength(1)
    await changePlan(ctx, { userId, plan: 'pro' })
    pass(core, 31 * DAY_MS)
    await catchUp(ctx, userId)
    expect(await itemsOf(ctx, userId)).toEqual(PRO)
  })

  test('to a plan without overage removes the items', async () => {
    const userId = await buy(core, 'pro')
    await changePlan(ctx, { userId, plan: 'none' })
    pass(core, 31 * DAY_MS)
    await catchUp(ctx, userId)
    expect(await itemsOf(ctx, userId)).toEqual(['tollgate_none'])
    expect(await sells(ctx, userId)).toBe(false)
  })

  test('from a plan without overage to one with it brings its items', async () => {
    const userId = await buy(core, 'none')
    await changePlan(ctx, { userId, plan: 'pro' })
    expect(await itemsOf(ctx, userId)).toEqual(PRO)
    expect(await sells(ctx, userId)).toBe(true)
  })
})

describe('nothing is sold', () => {
  test('while the collection is paused, or the subscription is not active', async () => {
    const userId = await buy(core, 'pro')
    const { id } = await liveOf(ctx, userId)
    await ctx.stripe.call((stripe) =>
      stripe.subscriptions.update(id, { pause_collection: { behavior: 'void' } }),
    )
    await syncBilling(ctx, { userId })
    expect(await sells(ctx, userId)).toBe(false)
    await ctx.stripe.call((stripe) => stripe.subscriptions.update(id, { pause_collection: '' }))
    await syncBilling(ctx, { userId })
    expect(await sells(ctx, userId)).toBe(true)
    await payFrom(ctx, userId, 'pm_card_chargeCustomerFail')
    pass(core, 31 * DAY_MS)
    expect(await syncBilling(ctx, { userId })).toMatchObject({ status: 'past_due' })
    expect(await sells(ctx, userId)).toBe(false)
  })

  test('while a customer has a second running subscription', async () => {
    const userId = await buy(core, 'pro')
    const { customer, items, default_payment_method: card } = await liveOf(ctx, userId)
    const price = items.data.find(
      ({ price: { lookup_key } }) => lookup_key === 'tollgate_pro',
    )?.price
    const second = await ctx.stripe.call((stripe) =>
      stripe.subscriptions.create({
        customer: String(customer),
        items: [{ price: price?.id ?? '' }],
        default_payment_method: String(card),
      }),
    )
    await syncBilling(ctx, { userId })
    expect(await sells(ctx, userId)).toBe(false)
    await ctx.stripe.call((stripe) => stripe.subscriptions.cancel(second.id))
    await syncBilling(ctx, { userId })
    expect(await sells(ctx, userId)).toBe(true)
  })
})
