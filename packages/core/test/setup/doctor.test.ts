import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { catalog } from '@tollgate/testing/catalog'
import { held } from '@tollgate/testing/stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context, Finding } from '../../src/index.ts'
import {
  closeContext,
  createContext,
  examine,
  pushPlans,
  startWorker,
  upsertUser,
} from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { startBilling } from '../billing/billing-harness.ts'
import { deliver } from '../stripe/stripe-harness.ts'

let core: BillingHarness
let ctx: Context
beforeAll(async () => {
  // It makes calls that Stripe refuses, to learn whether the key may make them.
  core = await startBilling({ observer: held({ provoking: true }) })
  // Nothing is there, as with an app that is down.
  ctx = { ...core.ctx, settings: { ...core.ctx.settings, appUrl: 'https://app.example.invalid' } }
  await pushPlans(ctx, { dryRun: false })
  await (await startWorker(ctx)).stop()
})
afterAll(() => core.close())

const problemsOf = (found: readonly Finding[]) =>
  found.filter((finding) => !finding.ok).map(({ name }) => name)
const sql = (text: string) => core.ctx.db.pool.query(text)

/** A context on the same database, with something else about Stripe. */
function contextWith(stripe: { secretKey?: string; apiBase?: string; webhookSecrets?: string[] }) {
  return createContext({
    catalog,
    databaseUrl: ctx.db.url,
    stripe: {
      secretKey: 'sk_test_123',
      webhookSecrets: ['whsec_test'],
      apiBase: core.stripe.url,
      ...stripe,
    },
    settings: ctx.settings,
    log: ctx.log,
    clock: ctx.clock,
  })
}

test('where all is well, each finding is fine, and nothing is to be done', async () => {
  const found = await examine(ctx)
  expect(found.map(({ name }) => name)).toEqual([
    'database',
    'stripe key',
    'stripe account',
    'stripe permissions',
    'price of basic',
    'price of pro',
    'price of enterprise',
    'customer portal',
    'webhook endpoint',
    'webhook secret',
    'windows of meters',
    'worker',
    'webhook inbox',
    'reconcile',
  ])
  expect(problemsOf(found)).toEqual([])
  expect(found.every(({ fix }) => fix === null)).toBe(true)
})

describe('each problem is named, with what to do, and alone', () => {
  const endpoint = async (change: {
    disabled?: boolean
    enabled_events?: ['*'] | ['invoice.paid']
  }) => {
    await ctx.stripe.call(async ({ webhookEndpoints }) => {
      const [first] = (await webhookEndpoints.list()).data
      await webhookEndpoints.update(first?.id ?? '', change)
    })
  }
  const price = async (active: boolean) => {
    await ctx.stripe.call(async ({ prices }) => {
      // Stripe lists active prices only, unless the inactive ones are asked for.
      const { data } = await prices.list({ lookup_keys: ['tollgate_pro'], active: !active })
      await prices.update(data[0]?.id ?? '', { active })
    })
  }

  test.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    ['webhook endpoint', () => endpoint({ disabled: true }), () => endpoint({ disabled: false })],
    [
      'webhook endpoint',
      () => endpoint({ enabled_events: ['invoice.paid'] }),
      () => endpoint({ enabled_events: ['*'] }),
    ],
    ['price of pro', () => price(false), () => price(true)],
    [
      'windows of meters',
      async () => {
        await upsertUser(ctx, { userId: 'user_1', email: 'one@example.com' })
        await sql(`INSERT INTO meter_resets VALUES ('tokens', 'day')`)
        await sql(`INSERT INTO usage_counters (user_id, meter, period, used, day_amounts, day_events)
          VALUES ('user_1', 'tokens', '2026-11-30', 1, '{1}', '{1}')`)
      },
      () => sql('DELETE FROM meter_resets'),
    ],
    [
      'worker',
      () =>
        sql(
          `UPDATE graphile_worker._private_known_crontabs SET known_since = now() - interval '1 hour', last_execution = NULL`,
        ),
      () => sql('UPDATE graphile_worker._private_known_crontabs SET last_execution = now()'),
    ],
    [
      'webhook inbox',
      async () => {
        await deliver(ctx, { id: 'evt_dead' })
        await sql(`UPDATE stripe_events SET state = 'dead'`)
      },
      () => sql(`UPDATE stripe_events SET state = 'handled'`),
    ],
    [
      'database',
      () =>
        sql(
          `UPDATE _prisma_migrations SET migration_name = 'x' || migration_name WHERE migration_name LIKE '%init'`,
        ),
      () =>
        sql(
          `UPDATE _prisma_migrations SET migration_name = substr(migration_name, 2) WHERE migration_name LIKE '%init'`,
        ),
    ],
  ])('%s', async (name, breaks, mends) => {
    await breaks()
    const found = await examine(ctx)
    expect(problemsOf(found)).toEqual([name])
    expect(found.find((finding) => finding.name === name)?.fix).toBeTruthy()
    await mends()
    expect(problemsOf(await examine(ctx))).toEqual([])
  })

  test('events that Stripe could not deliver', async () => {
    await ctx.stripe.call(async ({ customers }) => {
      const { id } = await customers.create({ email: 'ada@example.com' })
      await customers.del(id)
    })
    expect(problemsOf(await examine(ctx))).toEqual([])
    core.clock.advance(3_600_000)
    expect(problemsOf(await examine(ctx))).toEqual(['webhook secret'])
  })

  test('a key that Stripe refuses, and a Stripe that does not answer', async () => {
    const strict = await startStripeEmulator({ apiKey: 'sk_test_other', observer: held() })
    for (const apiBase of [strict.url, 'http://127.0.0.1:1']) {
      const wrong = contextWith({ apiBase })
      expect(problemsOf(await examine(wrong))).toEqual(['stripe key'])
      await closeContext(wrong)
    }
    await strict.stop()
  })

  test('a key of another account', async () => {
    const other = await startStripeEmulator({ observer: held() })
    const wrong = contextWith({ apiBase: other.url })
    expect(problemsOf(await examine(wrong))).toEqual(['stripe account'])
    await closeContext(wrong)
    await other.stop()
  })

  test('a database that is away', async () => {
    const away = createContext({
      catalog,
      databaseUrl: 'postgresql://nobody@127.0.0.1:1/nothing',
      stripe: {
        secretKey: 'sk_test_123',
        webhookSecrets: ['whsec_test'],
        apiBase: core.stripe.url,
      },
      settings: ctx.settings,
      log: ctx.log,
    })
    expect(problemsOf(await examine(away))).toEqual(['database'])
    await closeContext(away)
  })
})
