import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyOverage, completeOverage } from '../../src/billing/index.ts'
import type { Context } from '../../src/index.ts'
import { changePlan, consumeUsage, setOverageCap, syncBilling, voidUsage } from '../../src/index.ts'
import { deliverOverage } from '../../src/overage/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { DAY_MS, HOUR_MS, pass, startBilling, subscribe } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'
import type { StripeCall } from '../stripe/stripe-proxy.ts'
import { catalog } from './overage-catalog.ts'
import {
  billed,
  buy,
  catchUp,
  deliveriesOf,
  itemsOf,
  liveOf,
  sell,
  termsOf,
} from './overage-harness.ts'

const MINUTE_MS = 60_000

let core: BillingHarness
let ctx: Context
/** Called with each meter event that is sent, and with each answer to one. */
let onEvent: (call: StripeCall) => void | Promise<void>
let onAnswer: (body: string) => string
let proxyUrl: string

beforeEach(async () => {
  onEvent = () => undefined
  onAnswer = (body) => body
  core = await startBilling({
    catalog,
    hooks: {
      async onCall(call) {
        if (call.path === '/v1/billing/meter_events') await onEvent(call)
        return undefined
      },
      onAnswer: (call, body) => (call.path === '/v1/billing/meter_events' ? onAnswer(body) : body),
    },
  })
  ctx = core.ctx
  proxyUrl = core.stripeUrl
})
afterEach(() => core.close())

let keys = 0
async function consume(userId: string, amount: number, meter: 'tokens' | 'renders' = 'tokens') {
  keys += 1
  return consumeUsage(ctx, { userId, meter, amount, idempotencyKey: `use-${keys}` })
}

/** Units sold, by the ledger: what of accepted use was taken from overage. */
async function soldOf(userId: string, meter: string): Promise<number> {
  const { rows } = await ctx.db.pool.query<{ sold: number }>(
    `SELECT coalesce(sum((parts->>'overage')::bigint) FILTER (WHERE voided_at IS NULL), 0)::float8 AS sold
     FROM usage WHERE user_id = $1 AND meter = $2`,
    [userId, meter],
  )
  return rows[0]?.sold ?? 0
}

/** To a time after the invoice of the period that runs is final, delivering every so often as the schedule would. */
async function toNextInvoice(userId: string): Promise<void> {
  const { items } = await liveOf(ctx, userId)
  const end = Math.min(...items.data.map(({ current_period_end }) => current_period_end)) * 1_000
  pass(core, end - ctx.clock.now().getTime() + MINUTE_MS)
  await catchUp(ctx, userId)
  for (let minute = 0; minute < 30; minute += 1) {
    await deliverOverage(ctx)
    pass(core, MINUTE_MS)
  }
  pass(core, 2 * HOUR_MS)
  await catchUp(ctx, userId)
}

test('what a decision sells is what the invoice bills, up to the cap and not a unit beyond', async () => {
  const userId = await buy(core, 'pro')
  expect(await consume(userId, 1_000)).toMatchObject({ allowed: true })
  // A cap of 100 dollars pays for 4 000 tokens at 2.5 cents.
  expect(await consume(userId, 4_001)).toMatchObject({ allowed: false, reason: 'quota_exceeded' })
  expect(await consume(userId, 3_999)).toMatchObject({ allowed: true })
  await setOverageCap(ctx, {
    userId,
    meter: 'tokens',
    amountMinor: 10_002,
    actor: { kind: 'user', id: userId },
  })
  expect(await consume(userId, 2)).toMatchObject({ allowed: false })
  expect(await consume(userId, 1)).toMatchObject({ allowed: true })
  await toNextInvoice(userId)
  expect(await soldOf(userId, 'tokens')).toBe(4_000)
  expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
    'pro tokens': { units: 4_000, amount: 10_000 },
  })
})

test('a cap that is lowered below what was sold sells nothing more, and takes nothing back', async () => {
  const userId = await buy(core, 'pro')
  await consume(userId, 1_100)
  const cap = { userId, meter: 'tokens', actor: { kind: 'user', id: userId } } as const
  await setOverageCap(ctx, { ...cap, amountMinor: 0 })
  expect(await consume(userId, 1)).toMatchObject({ allowed: false })
  await setOverageCap(ctx, { ...cap, amountMinor: null })
  expect(await consume(userId, 1_000_000)).toMatchObject({ allowed: true })
  expect(await soldOf(userId, 'tokens')).toBe(1_000_100)
})

test('a cap is refused where nothing is sold, and for what is no amount', async () => {
  const [pro, none] = [await buy(core, 'pro'), await buy(core, 'none')]
  const actor = { kind: 'user', id: pro } as const
  const set = (userId: string, amountMinor: number) =>
    setOverageCap(ctx, { userId, meter: 'tokens', amountMinor, actor })
  for (const [userId, amount] of [
    [none, 5],
    [pro, -1],
    [pro, 0.5],
    [pro, Number.NaN],
  ] as const) {
    await expect(set(userId, amount)).rejects.toMatchObject({ code: 'VALIDATION' })
  }
  await expect(set('nobody', 5)).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
})

function unitsOf(lines: Awaited<ReturnType<typeof billed>>, name: string): number {
  return lines.get(name)?.units ?? 0
}

/** What may happen to a payer and their deliveries, in any order. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      amount: fc.integer({ min: 1, max: 700 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('render' as const),
      amount: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'deliver' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      how: fc.constantFrom('cut' as const, 'hold' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'void' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'upgrade' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cap' as const),
      amount: fc.integer({ min: 0, max: 3_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      minutes: fc.integer({ min: 1, max: 4_000 }),
    }),
  },
)

test('sold is billed, whatever happens: lost answers, held processing, corrections, caps, upgrades, months’ ends', async () => {
  let total = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const userId = await buy(core, 'pro')
      let lastUse: string | null = null
      for (const one of steps) {
        pass(core, MINUTE_MS)
        if (one.do === 'use') lastUse = (await consume(userId, one.amount)).usageId ?? lastUse
        if (one.do === 'render') await consume(userId, one.amount, 'renders')
        if (one.do === 'deliver') await deliverOverage(ctx)
        if (one.do === 'fail' && one.how === 'hold') core.stripe.meterEvents.delaySeconds = 40
        if (one.do === 'fail' && one.how === 'cut') {
          onAnswer = () => {
            onAnswer = (body) => body
            return '<html>'
          }
        }
        if (one.do === 'void' && lastUse !== null)
          await voidUsage(ctx, {
            usageId: lastUse,
            reason: 'test',
            actor: { kind: 'command', id: 'test' },
          })
        if (one.do === 'upgrade')
          await changePlan(ctx, { userId, plan: 'max' }).catch(() => undefined)
        if (one.do === 'cap')
          await setOverageCap(ctx, {
            userId,
            meter: 'tokens',
            amountMinor: one.amount,
            actor: { kind: 'user', id: userId },
          }).catch(() => undefined)
        if (one.do === 'pass') {
          pass(core, one.minutes * MINUTE_MS)
          // As the schedule and the webhooks do, on both sides of a period's end.
          await deliverOverage(ctx)
          await catchUp(ctx, userId)
        }
      }
      core.stripe.meterEvents.delaySeconds = 0
      for (let months = 0; months < 2; months += 1) await toNextInvoice(userId)
      const lines = await billed(ctx, userId)
      const told = (await deliveriesOf(ctx, userId)).filter(({ state }) => state !== 'delivered')
      for (const meter of ['tokens', 'renders']) {
        const onInvoices = unitsOf(lines, `pro ${meter}`) + unitsOf(lines, `max ${meter}`)
        const toldUnits = told.reduce((sum, row) => sum + (row.meter === meter ? row.units : 0), 0)
        const sold = await soldOf(userId, meter)
        expect(onInvoices + toldUnits, `${meter}, ${JSON.stringify(steps)}`).toBe(sold)
        total += sold
      }
      // Only what is taken back after it was billed is ever left to the operator.
      expect(told.every(({ state }) => state === 'refund_due')).toBe(true)
    }),
    { numRuns: 12 },
  )
  expect(total).toBeGreaterThan(0)
}, 300_000)

test('a process killed before, while and after it sends loses nothing and sends nothing twice', async () => {
  const userId = await buy(core, 'pro')
  pass(core, MINUTE_MS)
  await syncBilling(ctx, { userId })
  const processes: ChildProcess[] = []
  let kills = 0
  const start = () => {
    const file = fileURLToPath(new URL('./deliverer.ts', import.meta.url))
    const args = ['--import', 'tsx', file, ctx.db.url, proxyUrl, ctx.clock.now().toISOString()]
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    processes.push(child)
    return child
  }
  let child = start()
  const sent: string[] = []
  /** Kills the process at every third event, in turn before Stripe has it and after. */
  onEvent = (call) => {
    sent.push(call.form.get('identifier') ?? '')
    if (sent.length % 3 === 1 && kills < 4) {
      kills += 1
      child.kill('SIGKILL')
      child = start()
    }
  }
  try {
    for (let unit = 1; unit <= 12; unit += 1) {
      await sell(ctx, { userId, units: unit })
      await sell(ctx, { userId, meter: 'renders', units: 1 })
      const due = async () =>
        (
          await ctx.db.pool.query(
            `SELECT FROM overage_sales WHERE is_due UNION ALL SELECT FROM overage_deliveries WHERE state = 'pending'`,
          )
        ).rowCount
      await expect.poll(due, { timeout: 30_000, interval: 30 }).toBe(0)
    }
  } finally {
    for (const each of processes) {
      if (each.exitCode === null && each.signalCode === null) {
        each.kill('SIGKILL')
        await once(each, 'exit')
      }
    }
  }
  expect(kills).toBe(4)
  await toNextInvoice(userId)
  expect(Object.fromEntries(await billed(ctx, userId))).toMatchObject({
    'pro tokens': { units: 78 },
    'pro renders': { units: 12 },
  })
}, 120_000)

test('plans apply gives the items to subscriptions from before, sells nothing until a cap is chosen, and repeats nothing', async () => {
  const before = {
    ...ctx,
    catalog: {
      ...catalog,
      plans: { ...catalog.plans, pro: { ...catalog.plans.pro, overage: {} } },
    },
  }
  const userId = await addUser(ctx)
  await subscribe({ ...core, ctx: before }, { userId, plan: 'pro' })
  await completeOverage(ctx)
  expect(await itemsOf(ctx, userId)).toEqual(['tollgate_pro'])
  expect(await applyOverage(ctx, { dryRun: true })).toMatchObject([
    { userId, plan: 'pro', action: 'add', detail: 'tokens, renders' },
  ])
  expect(await itemsOf(ctx, userId)).toEqual(['tollgate_pro'])
  await applyOverage(ctx, { dryRun: false })
  expect(await itemsOf(ctx, userId)).toHaveLength(3)
  expect((await termsOf(ctx, userId)).every(({ selling }) => selling)).toBe(true)
  expect(await consume(userId, 1_001)).toMatchObject({ allowed: false })
  expect(await applyOverage(ctx, { dryRun: false })).toMatchObject([{ userId, action: 'keep' }])
  await setOverageCap(ctx, {
    userId,
    meter: 'tokens',
    amountMinor: 100,
    actor: { kind: 'user', id: userId },
  })
  expect(await consume(userId, 1_001)).toMatchObject({ allowed: true })
  pass(core, DAY_MS)
})
