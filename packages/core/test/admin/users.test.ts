import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UsersInput } from '../../src/admin/index.ts'
import type { Page } from '../../src/database/page.ts'
import type { Context } from '../../src/index.ts'
import {
  createCheckout,
  getUser,
  listAllInvoices,
  listInvoices,
  listUsers,
  recordUsage,
  syncBilling,
  upsertUser,
} from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { GOOD_CARD, payWith, startBilling } from '../billing/billing-harness.ts'

let billing: BillingHarness
let ctx: Context

/** Six users, two at a time; the last of them, on Pro, has used something. */
beforeAll(async () => {
  billing = await startBilling()
  ctx = billing.ctx
  for (const [index, name] of ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'].entries()) {
    if (index % 2 === 0) billing.clock.advance(1)
    await upsertUser(ctx, {
      userId: name,
      email: `${name}@Example.com`,
      name: `${name} of Example`,
    })
  }
  for (const [userId, plan] of [
    ['fay', 'pro'],
    ['ada', 'basic'],
  ] as const) {
    await payWith(GOOD_CARD, (await createCheckout(ctx, { userId, plan })).url)
    await syncBilling(ctx, { userId })
  }
  await recordUsage(ctx, { userId: 'fay', meter: 'tokens', amount: 42, idempotencyKey: 'k' })
})
afterAll(() => billing.close())

async function allPages<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const { items: more, nextCursor } = await page(cursor)
    items.push(...more)
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
  return items
}

const ids = async (input: UsersInput) =>
  (await allPages((cursor) => listUsers(ctx, { ...input, cursor }))).map(({ userId }) => userId)

test.each([
  ['newest', ['fay', 'eve', 'dan', 'cyd', 'bob', 'ada']],
  ['oldest', ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay']],
  ['email', ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay']],
] as const)('users, %s first, are each on one page', async (sort, expected) => {
  expect(await ids({ sort, limit: 4 })).toEqual(expected)
  expect(await ids({ sort, limit: 1 })).toEqual(expected)
})

test('users are found by a part of their address or name, and by their id', async () => {
  expect(await ids({ search: 'DA@exam' })).toEqual(['ada'])
  expect(await ids({ search: 'eve of' })).toEqual(['eve'])
  expect(await ids({ search: 'bob' })).toEqual(['bob'])
  expect(await ids({ search: '%' })).toEqual([])
})

test('users are found by plan and status', async () => {
  expect(await ids({ plan: 'pro' })).toEqual(['fay'])
  expect(await ids({ plan: 'unknown' })).toEqual([])
  expect(await ids({ status: 'active' })).toEqual(['fay', 'ada'])
  expect(await ids({ status: 'active', plan: 'basic' })).toEqual(['ada'])
  expect(await ids({ status: 'none' })).toEqual(['eve', 'dan', 'cyd', 'bob'])
})

test('users at an unknown price are found, and those of a plan that the catalogue no longer has', async () => {
  const setPlan = (plan: string | null) =>
    ctx.db.pool.query(`UPDATE subscriptions SET plan = $1 WHERE user_id = 'ada'`, [plan])
  await setPlan(null)
  expect(await ids({ plan: 'unknown' })).toEqual(['ada'])
  await setPlan('former')
  expect(await ids({ plan: 'unknown' })).toEqual([])
  expect((await listUsers(ctx, { plan: 'former' })).items).toMatchObject([
    { userId: 'ada', plan: null, status: 'active' },
  ])
  await setPlan('basic')
})

test('a user’s line has plan, status and this month’s use of every meter', async () => {
  const { items } = await listUsers(ctx, { limit: 2 })
  expect(items[0]).toMatchObject({
    userId: 'fay',
    email: 'fay@Example.com',
    plan: 'pro',
    status: 'active',
    usage: [
      { meter: 'tokens', used: 42, limit: 1_000_000, remaining: 999_958 },
      { meter: 'apiCalls', used: 0, limit: 10_000 },
      { meter: 'scrapingTasks', used: 0, limit: 1_000 },
    ],
  })
  expect(items[1]).toMatchObject({ plan: null, status: null })
  expect(items[1]?.usage.map(({ limit, remaining }) => [limit, remaining])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ])
})

test('a cursor belongs to the order that it was returned for', async () => {
  const { nextCursor } = await listUsers(ctx, { limit: 1 })
  await expect(listUsers(ctx, { sort: 'email', cursor: nextCursor ?? '' })).rejects.toMatchObject({
    code: 'VALIDATION',
  })
})

test('one customer, in full', async () => {
  expect(await getUser(ctx, { userId: 'fay' })).toMatchObject({
    userId: 'fay',
    name: 'fay of Example',
    kind: 'subject',
    stripeCustomerId: expect.stringMatching(/^cus_/),
    subscription: { plan: 'pro', status: 'active' },
    quota: [{ meter: 'tokens', source: 'plan' }, {}, {}],
    usage: [{ meter: 'tokens', used: 42 }, {}, {}],
    invoices: [{ status: 'paid', total: 4_900 }],
    events: [{ meter: 'tokens', amount: 42, idempotencyKey: 'k' }],
  })
  await expect(getUser(ctx, { userId: 'nobody' })).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
})

test('a user sees their own invoices only; the operator sees all, with their users', async () => {
  expect((await listInvoices(ctx, { userId: 'fay' })).items).toMatchObject([{ total: 4_900 }])
  expect((await listInvoices(ctx, { userId: 'bob' })).items).toEqual([])
  await expect(listInvoices(ctx, { userId: 'nobody' })).rejects.toMatchObject({
    code: 'USER_NOT_FOUND',
  })
  const all = await allPages((cursor) => listAllInvoices(ctx, { cursor, limit: 1 }))
  expect(new Set(all.map(({ userId, email, total }) => `${userId} ${email} ${total}`))).toEqual(
    new Set(['fay fay@Example.com 4900', 'ada ada@Example.com 1900']),
  )
})

test('invoices are found by status, address and number', async () => {
  const found = async (input: Parameters<typeof listAllInvoices>[1]) =>
    (await listAllInvoices(ctx, input)).items.map(({ userId }) => userId)
  const [invoice] = (await listInvoices(ctx, { userId: 'ada' })).items
  expect(await found({ search: 'ada@' })).toEqual(['ada'])
  expect(await found({ search: invoice?.number ?? '' })).toEqual(['ada'])
  expect(await found({ status: 'open' })).toEqual([])
  expect(await found({ status: 'paid', search: 'fay' })).toEqual(['fay'])
})
