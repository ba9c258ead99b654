import type { PlanId } from '@tollgate/testing/catalog'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  cancelSubscription,
  changePlan,
  listInvoices,
  resumeSubscription,
  syncBilling,
} from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { startBilling, stripeSide, subscribe } from './billing-harness.ts'

/** Holds the first write of a kind: what a process does that is frozen right before, or while, it sends it. */
let held: { path: RegExp; reached: () => void; until: Promise<void> } | null = null
let billing: BillingHarness
let other: Context
let userId: string

beforeAll(async () => {
  billing = await startBilling({
    hooks: {
      async onCall({ method, path }) {
        const hold = held
        if (hold === null || method !== 'POST' || !hold.path.test(path)) return undefined
        held = null
        hold.reached()
        await hold.until
        return undefined
      },
    },
  })
  other = billing.another()
})
afterAll(() => billing.close())
beforeEach(async () => {
  userId = await addUser(billing.ctx)
})

function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/**
 * Begins a click in one process, freezes that before its write reaches Stripe until its lease has ended, has another
 * process answer a later click, and lets the first go on. Returns how the first ended.
 */
async function overtake(
  path: RegExp,
  first: (ctx: Context) => Promise<unknown>,
  second: (ctx: Context) => Promise<unknown>,
): Promise<unknown> {
  const [frozen, thaw] = [gate(), gate()]
  held = { path, reached: frozen.open, until: thaw.opened }
  const outcome = first(billing.ctx).then(
    () => 'done',
    (error) => error.code,
  )
  await frozen.opened
  await billing.ctx.db.pool.query(
    `UPDATE leases SET held_until = now() - interval '1 second' WHERE name = 'payer:' || $1`,
    [userId],
  )
  await second(other)
  thaw.open()
  return outcome
}

const to = (plan: PlanId) => (ctx: Context) => changePlan(ctx, { userId, plan })
const cancel = (ctx: Context) => cancelSubscription(ctx, { userId })
const resume = (ctx: Context) => resumeSubscription(ctx, { userId })

async function state() {
  const subscription = await syncBilling(billing.ctx, { userId })
  const { items } = await listInvoices(billing.ctx, { userId })
  const { plan, pendingPlan, cancelAt } = subscription ?? {}
  return { plan, pendingPlan, ends: cancelAt !== null, paid: items.map(({ total }) => total) }
}

describe('a process that was frozen for longer than its lease can’t undo the later click', () => {
  test('an upgrade does not arrive after the subscription was cancelled, and nothing is charged', async () => {
    await subscribe(billing, { userId, plan: 'basic' })
    expect(await overtake(/subscriptions\/sub_\w+$/, to('enterprise'), cancel)).toBe('UNAVAILABLE')
    expect(await state()).toEqual({ plan: 'basic', pendingPlan: null, ends: true, paid: [1_900] })
  })

  test('nor after another upgrade', async () => {
    await subscribe(billing, { userId, plan: 'basic' })
    expect(await overtake(/subscriptions\/sub_\w+$/, to('enterprise'), to('pro'))).toBe(
      'UNAVAILABLE',
    )
    expect(await state()).toMatchObject({ plan: 'pro', pendingPlan: null })
  })

  test('a cancellation does not arrive after it was taken back', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    expect(await overtake(/subscriptions\/sub_\w+$/, cancel, resume)).toBe('UNAVAILABLE')
    expect(await state()).toMatchObject({ plan: 'pro', ends: false })
  })

  test('a downgrade does not arrive after an upgrade', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    expect(await overtake(/subscription_schedules$/, to('basic'), to('enterprise'))).toBe(
      'UNAVAILABLE',
    )
    expect(await state()).toMatchObject({ plan: 'enterprise', pendingPlan: null })
  })

  test('the phases of a downgrade do not arrive after the subscription was cancelled', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    expect(await overtake(/subscription_schedules\/\w+$/, to('basic'), cancel)).toBe('UNAVAILABLE')
    expect(await state()).toMatchObject({ plan: 'pro', pendingPlan: null, ends: true })
  })

  test('what is taken back does not take back a later downgrade', async () => {
    await subscribe(billing, { userId, plan: 'enterprise' })
    await to('pro')(billing.ctx)
    expect(await overtake(/release$/, resume, to('basic'))).toBe('UNAVAILABLE')
    expect(await state()).toMatchObject({ plan: 'enterprise', pendingPlan: 'basic' })
  })

  test('also where the later click asks for what is there already', async () => {
    await subscribe(billing, { userId, plan: 'enterprise' })
    await to('pro')(billing.ctx)
    expect(await overtake(/release$/, resume, to('pro'))).toBe('UNAVAILABLE')
    expect(await state()).toMatchObject({ plan: 'enterprise', pendingPlan: 'pro' })
  })
})

test('a change that no other took over is made, however long it took', async () => {
  await subscribe(billing, { userId, plan: 'basic' })
  const nobody = async () => undefined
  expect(await overtake(/subscriptions\/sub_\w+$/, to('pro'), nobody)).toBe('done')
  expect(await state()).toMatchObject({ plan: 'pro' })
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  expect(subscriptions).toHaveLength(1)
})

describe('a write whose answer was lost', () => {
  async function loseAnAnswer(): Promise<void> {
    await subscribe(billing, { userId, plan: 'basic' })
    billing.stripe.faults.onRequest = ({ method, path }) =>
      method === 'POST' && /subscriptions\/sub_\w+$/.test(path)
        ? { kind: 'cut', when: 'after' }
        : null
    await expect(cancel(billing.ctx)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    billing.stripe.faults.onRequest = undefined
  }

  test.each([true, false])(
    'is settled, also where Stripe failed in that, and kept it: %s',
    async (remembered) => {
      await loseAnAnswer()
      billing.stripe.faults.onRequest = ({ method, path }) =>
        method === 'POST' && /customers\/cus_\w+$/.test(path)
          ? { kind: 'answer', error: 'server_error', remembered }
          : null
      await resume(billing.ctx).catch(() => undefined)
      billing.stripe.faults.onRequest = undefined
      await resume(billing.ctx)
      expect(await state()).toMatchObject({ plan: 'basic', ends: false })
      await cancel(billing.ctx)
      expect(await state()).toMatchObject({ plan: 'basic', ends: true })
    },
  )

  test('keeps every click waiting while Stripe does not answer, and changes nothing meanwhile', async () => {
    await loseAnAnswer()
    billing.stripe.faults.onRequest = ({ method }) =>
      method === 'POST' ? { kind: 'cut', when: 'before' } : null
    await expect(resume(billing.ctx)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    billing.stripe.faults.onRequest = undefined
    expect(await state()).toMatchObject({ ends: true })
  })
})
