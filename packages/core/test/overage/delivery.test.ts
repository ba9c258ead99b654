import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import { changePlan, eraseUser, reconcile, resolveOverage, syncBilling } from '../../src/index.ts'
import { deliverOverage } from '../../src/overage/index.ts'
import { handleEvent } from '../../src/sync/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { DAY_MS, HOUR_MS, pass, startBilling } from '../billing/billing-harness.ts'
import type { StripeCall } from '../stripe/stripe-proxy.ts'
import { catalog } from './overage-catalog.ts'
import { billed, buy, catchUp, deliveriesOf, liveOf, sell, sells } from './overage-harness.ts'

const MINUTE_MS = 60_000

let core: BillingHarness
let ctx: Context
/** What becomes of the next answers about meter events: the first of them, each once. */
let answers: ('cut' | 'refused' | 'away')[] = []
const sent: StripeCall[] = []
/** The identifier that Stripe's error report names. */
let reported = ''

/** As the types of the `stripe` package have it. */
const report = (identifier: string) => ({
  id: 'evt_report',
  object: 'v2.core.event',
  type: 'v1.billing.meter.error_report_triggered',
  created: '2026-11-15T12:05:00.000Z',
  livemode: false,
  data: {
    reason: {
      error_count: 1,
      error_types: [
        {
          code: 'meter_event_customer_not_found',
          error_count: 1,
          sample_errors: [{ error_message: 'No such customer', request: { identifier } }],
        },
      ],
    },
  },
})

beforeEach(async () => {
  answers = []
  sent.length = 0
  core = await startBilling({
    catalog,
    hooks: {
      onCall(call) {
        if (call.path === '/v1/billing/meter_events') sent.push(call)
        return undefined
      },
      onAnswer(call, body) {
        if (call.path === '/v2/core/events/evt_report') return { success: report(reported) }
        if (call.path !== '/v1/billing/meter_events') return body
        // The answer is lost after the effect: the client can't read it.
        return answers.shift() === 'cut' ? '<html>bad gateway</html>' : body
      },
    },
  })
  ctx = core.ctx
})
afterEach(() => core.close())

/** What the meter events that Stripe got say, in their order. */
const said = () =>
  sent.map(({ form }) => [form.get('identifier'), form.get('payload[value]')] as const)

/** From here to the invoice of the period that runs: it is final an hour after the period's end. */
async function toNextInvoice(userId: string): Promise<void> {
  const { items } = await liveOf(ctx, userId)
  const end = Math.min(...items.data.map(({ current_period_end }) => current_period_end)) * 1_000
  pass(core, end - ctx.clock.now().getTime() + MINUTE_MS)
  await catchUp(ctx, userId)
  await deliverOverage(ctx)
  pass(core, 2 * HOUR_MS)
  await catchUp(ctx, userId)
}

describe('what was sold is billed in its period', () => {
  test('by meter, to the unit, however it was sold', async () => {
    const userId = await buy(core, 'pro')
    for (const units of [1, 7, 100]) {
      await sell(ctx, { userId, units })
      await sell(ctx, { userId, meter: 'renders', units: 1 })
      await deliverOverage(ctx)
      pass(core, 9 * DAY_MS)
    }
    await sell(ctx, { userId, units: 5 })
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 113, amount: 283 },
      'pro renders': { units: 3, amount: 90 },
    })
  })

  test('of a yearly plan every month, at its monthly item', async () => {
    const userId = await buy(core, 'annual')
    await sell(ctx, { userId, units: 10 })
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'annual tokens': { units: 10, amount: 20 },
    })
    await sell(ctx, { userId, units: 4 })
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'annual tokens': { units: 14, amount: 28 },
    })
    expect((await syncBilling(ctx, { userId }))?.currentPeriodEnd).toBe('2027-11-15T12:00:00.000Z')
  })

  test('on both sides of its end, also before a sync has seen the new one', async () => {
    const userId = await buy(core, 'pro')
    pass(core, 30 * DAY_MS - MINUTE_MS)
    await sell(ctx, { userId, units: 3 })
    // 12:00:30, half a minute after the turn: the same hour of another period.
    pass(core, MINUTE_MS + 30_000)
    await sell(ctx, { userId, units: 40 })
    await deliverOverage(ctx)
    expect((await deliveriesOf(ctx, userId)).map((row) => [row.units, row.occurred_at])).toEqual([
      [3, new Date('2026-12-15T11:00:00Z')],
      [40, new Date('2026-12-15T12:00:00Z')],
    ])
    pass(core, 2 * HOUR_MS)
    await catchUp(ctx, userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 3 },
    })
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 43 },
    })
  })

  test('after an upgrade in mid-hour: each unit at the price at which it was sold', async () => {
    const userId = await buy(core, 'pro')
    pass(core, DAY_MS + 10 * MINUTE_MS)
    await sell(ctx, { userId, units: 20 })
    await sell(ctx, { userId, meter: 'renders', units: 2 })
    pass(core, 10 * MINUTE_MS)
    await changePlan(ctx, { userId, plan: 'max' })
    pass(core, 10 * MINUTE_MS)
    await sell(ctx, { userId, units: 100 })
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 20, amount: 50 },
      'pro renders': { units: 2, amount: 60 },
      'max tokens': { units: 100, amount: 125 },
    })
  })

  test('after the subscription was ended at once', async () => {
    const userId = await buy(core, 'pro')
    pass(core, DAY_MS + MINUTE_MS)
    await sell(ctx, { userId, units: 20 })
    await eraseUser(ctx, { userId, actor: { kind: 'command', id: 'test' }, reason: 'asked' })
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 20, amount: 50 },
    })
  })
})

describe('a delivery', () => {
  test('is of an hour, and what is sold later is another one', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 2 })
    await sell(ctx, { userId, units: 3 })
    await deliverOverage(ctx)
    await sell(ctx, { userId, units: 4 })
    pass(core, HOUR_MS)
    await sell(ctx, { userId, units: 5 })
    await deliverOverage(ctx)
    await deliverOverage(ctx)
    expect(said().map(([, value]) => value)).toEqual(['5', '4', '5'])
    expect(new Set(said().map(([identifier]) => identifier)).size).toBe(3)
  })

  test('whose answer was lost is sent again under its identifier, and counts once', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 6 })
    answers = ['cut', 'cut']
    expect(await deliverOverage(ctx)).toMatchObject({ delivered: 0, open: 1 })
    await sell(ctx, { userId, units: 1 })
    pass(core, MINUTE_MS)
    await deliverOverage(ctx)
    pass(core, MINUTE_MS)
    await deliverOverage(ctx)
    pass(core, 5 * MINUTE_MS)
    await deliverOverage(ctx)
    const [first, second, ...rest] = said()
    expect(first).toEqual(second)
    expect(rest.at(-1)?.[1]).toBe('1')
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 7 },
    })
  })

  test('whose answer was lost a day ago is looked for in the summaries, and not sent twice', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 6 })
    answers = ['cut']
    await deliverOverage(ctx)
    pass(core, 25 * HOUR_MS)
    await deliverOverage(ctx)
    expect(said()).toHaveLength(1)
    expect(await deliveriesOf(ctx, userId)).toMatchObject([{ state: 'delivered' }])
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 6 },
    })
  })

  test('that Stripe refuses for another reason is not taken for delivered, and stays open', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 6 })
    const meters = await ctx.stripe.call((stripe) => stripe.billing.meters.list())
    const tokens = meters.data.find(({ event_name }) => event_name === 'tollgate_tokens')
    await ctx.stripe.call((stripe) => stripe.billing.meters.deactivate(tokens?.id ?? ''))
    expect(await deliverOverage(ctx)).toMatchObject({ delivered: 0, open: 1 })
    const [open] = await deliveriesOf(ctx, userId)
    expect(open).toMatchObject({
      state: 'pending',
      last_error: expect.stringContaining('No active meter'),
    })
    await ctx.stripe.call((stripe) => stripe.billing.meters.reactivate(tokens?.id ?? ''))
    pass(core, HOUR_MS)
    await deliverOverage(ctx)
    expect(await deliveriesOf(ctx, userId)).toMatchObject([{ state: 'delivered' }])
  })

  test('is one at a time for a user and meter, and is made once by several processes', async () => {
    const userIds = [await buy(core, 'pro'), await buy(core, 'pro')]
    const others = [core.another(), core.another()]
    for (let round = 0; round < 5; round += 1) {
      for (const userId of userIds) await sell(ctx, { userId, units: 1 + round })
      await Promise.all([ctx, ...others].map((each) => deliverOverage(each)))
    }
    await deliverOverage(ctx)
    expect(new Set(said().map(([identifier]) => identifier)).size).toBe(said().length)
    for (const userId of userIds) {
      const rows = await deliveriesOf(ctx, userId)
      expect(rows.reduce((sum, { units }) => sum + units, 0)).toBe(15)
    }
  })

  test('of a period that was invoiced before is told to the operator by each reconcile run, never dropped', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 6 })
    pass(core, 31 * DAY_MS + 3 * HOUR_MS)
    await syncBilling(ctx, { userId })
    expect(await deliverOverage(ctx)).toMatchObject({ delivered: 0, told: 1 })
    expect(said()).toEqual([])
    const [late] = await deliveriesOf(ctx, userId)
    expect(late).toMatchObject({ state: 'unbilled', invoice_id: expect.stringMatching(/^in_/) })
    for (const dryRun of [true, false]) {
      const { drift } = await reconcile(ctx, { dryRun })
      expect(drift.filter(({ kind }) => kind === 'overage_unbilled')).toMatchObject([
        { userId, repaired: false, detail: expect.stringContaining('6 of tokens, 15 usd') },
      ])
    }
  })
})

describe('a correction', () => {
  test('is sent as a negative amount at the time of the sale, until the invoice is final', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 10 })
    await deliverOverage(ctx)
    await sell(ctx, { userId, units: -4 })
    await deliverOverage(ctx)
    expect(said().map(([, value]) => value)).toEqual(['10', '-4'])
    expect(new Set(sent.map(({ form }) => form.get('timestamp'))).size).toBe(1)
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 6, amount: 15 },
    })
  })

  test('after the invoice is told to the operator as a refund, with the amount', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 10 })
    await toNextInvoice(userId)
    await ctx.db.pool.query('UPDATE overage_sales SET units = units - 4, total = total - 4')
    expect(await deliverOverage(ctx)).toMatchObject({ told: 1 })
    expect(said()).toHaveLength(1)
    const { drift } = await reconcile(ctx, { dryRun: false })
    expect(drift).toMatchObject([
      {
        kind: 'overage_refund_due',
        userId,
        detail: expect.stringMatching(/^-4 of tokens, 10 usd, invoice in_/),
      },
    ])
  })

  test('of what an item sold that an upgrade has billed is a refund too', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 10 })
    pass(core, 2 * HOUR_MS)
    await changePlan(ctx, { userId, plan: 'max' })
    await ctx.db.pool.query('UPDATE overage_sales SET units = units - 3, total = total - 3')
    expect(await deliverOverage(ctx)).toMatchObject({ told: 1, delivered: 0 })
  })
})

describe('while Stripe has not processed what it took', () => {
  test('no change is made, nothing is lost, and the selling goes on', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 10 })
    pass(core, MINUTE_MS)
    core.stripe.meterEvents.hold = true
    await expect(changePlan(ctx, { userId, plan: 'max' })).rejects.toMatchObject({
      code: 'STRIPE_UNAVAILABLE',
    })
    expect((await syncBilling(ctx, { userId }))?.plan).toBe('pro')
    expect(await sells(ctx, userId)).toBe(true)
    await fetch(`${core.stripe.url}/_emulator/meters`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ processing: 'released' }),
    })
    await changePlan(ctx, { userId, plan: 'max' })
    await toNextInvoice(userId)
    expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
      'pro tokens': { units: 10, amount: 25 },
    })
  })
})

describe('reconcile', () => {
  test('finds an hour in which Stripe has something else than what was sold', async () => {
    const userId = await buy(core, 'pro')
    await sell(ctx, { userId, units: 10 })
    await deliverOverage(ctx)
    pass(core, 3 * HOUR_MS)
    expect((await reconcile(ctx, { dryRun: true })).drift).toEqual([])
    const { customer } = await liveOf(ctx, userId)
    await ctx.stripe.call((stripe) =>
      stripe.billing.meterEvents.create({
        event_name: 'tollgate_tokens',
        payload: { stripe_customer_id: String(customer), value: '5' },
        timestamp: Math.floor(ctx.clock.now().getTime() / 1_000) - 3 * 3_600,
      }),
    )
    expect((await reconcile(ctx, { dryRun: false })).drift).toEqual([
      {
        ...{ kind: 'overage_differs', objectId: `${userId}:tokens`, userId, customerId: customer },
        ...{ detail: '2026-11-15T12:00:00.000Z: 10 sold, 15 at Stripe', repaired: false },
      },
    ])
  })
})

test('what Stripe took and then reported as an error is told to the operator, until it is resolved', async () => {
  const userId = await buy(core, 'pro')
  await sell(ctx, { userId, units: 10 })
  await deliverOverage(ctx)
  const [{ identifier } = { identifier: '' }] = await deliveriesOf(ctx, userId)
  reported = identifier
  const { rows } = await ctx.db.pool.query(
    `INSERT INTO stripe_events (id, type, object_id, payload, created_at, received_at, state)
     VALUES ('evt_report', 'billing.meter.error_report_triggered', 'mtr_1', '{}', now(), now(), 'pending') RETURNING id`,
  )
  await handleEvent(ctx, { customerId: null, eventId: rows[0].id })
  expect(await deliveriesOf(ctx, userId)).toMatchObject([
    { state: 'rejected', last_error: 'meter_event_customer_not_found' },
  ])
  const found = async () => (await reconcile(ctx, { dryRun: false })).drift.map(({ kind }) => kind)
  expect(await found()).toContain('overage_rejected')
  await resolveOverage(ctx, { identifier })
  expect(await found()).not.toContain('overage_rejected')
  await expect(resolveOverage(ctx, { identifier })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
