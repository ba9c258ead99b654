import type { TestDatabase } from '@tollgate/testing'
import { createTestDatabase } from '@tollgate/testing'
import { held } from '@tollgate/testing/stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Lifecycle } from './lifecycle.ts'
import { differences, drain, reconcileOnce, runLifecycle } from './lifecycle.ts'

let database: TestDatabase
let lifecycle: Lifecycle | undefined

beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await lifecycle?.world.close()
  lifecycle = undefined
  await database.drop()
})

const CUSTOMERS = 50
const ROUNDS = 6
const PATIENCE = { timeout: 600_000 }

describe('a random lifecycle of fifty customers', () => {
  test('ends equal to Stripe after one reconcile run, whatever was lost', PATIENCE, async () => {
    const faultPlan = { dropped: 0.4, doubled: 0.2, failing: 0.02 }
    lifecycle = await runLifecycle(database.url, {
      seed: 1,
      customers: CUSTOMERS,
      rounds: ROUNDS,
      faultPlan,
      observer: held(),
    })
    await lifecycle.world.stopWorker()
    // There is something to repair.
    expect(await differences(lifecycle.world)).not.toEqual([])
    expect(await reconcileOnce(lifecycle.world)).toBeGreaterThan(0)
    expect(await differences(lifecycle.world)).toEqual([])
    expect(await reconcileOnce(lifecycle.world)).toBe(0)
  })

  test('ends equal to Stripe by its webhooks alone, twice and in any order', PATIENCE, async () => {
    const faultPlan = { dropped: 0, doubled: 0.3, failing: 0 }
    lifecycle = await runLifecycle(database.url, {
      seed: 2,
      customers: CUSTOMERS,
      rounds: ROUNDS,
      faultPlan,
      observer: held(),
    })
    await drain(lifecycle.world)
    expect(await differences(lifecycle.world)).toEqual([])
    // Enough happened for the comparison to prove something.
    const verbs = [...lifecycle.tally.keys()].filter((line) => line.endsWith(' ok'))
    expect(verbs.length).toBeGreaterThanOrEqual(12)
    expect([...lifecycle.tally.keys()]).toEqual(
      expect.arrayContaining([
        'subscription: active',
        'subscription: canceled',
        'invoice: paid',
        'invoice: open',
      ]),
    )
  })
})

test('a row that is wrong, missing or too many is found, and repaired', PATIENCE, async () => {
  const faultPlan = { dropped: 0, doubled: 0, failing: 0 }
  lifecycle = await runLifecycle(database.url, {
    seed: 3,
    customers: 4,
    rounds: 2,
    faultPlan,
    observer: held(),
  })
  const { world } = lifecycle
  await drain(world)
  await world.stopWorker()
  expect(await differences(world)).toEqual([])
  const { pool } = world.ctx.db
  const one = (table: string) => `(SELECT min(id) FROM ${table})`
  const wrongs: [table: string, sql: string][] = [
    ['subscriptions', `UPDATE subscriptions SET plan = 'gold' WHERE id = ${one('subscriptions')}`],
    [
      'subscriptions',
      `UPDATE subscriptions SET cancel_at = now() WHERE id = ${one('subscriptions')}`,
    ],
    ['quotas', `UPDATE quotas SET unlimited = NOT unlimited WHERE meter = 'tokens'`],
    ['quotas', `DELETE FROM quotas WHERE meter = 'tokens'`],
    ['invoices', `UPDATE invoices SET amount_refunded = 1 WHERE id = ${one('invoices')}`],
    ['invoices', `DELETE FROM invoices WHERE id = ${one('invoices')}`],
    [
      'invoices',
      `INSERT INTO invoices SELECT (jsonb_populate_record(i, '{"id": "in_x", "status": "draft"}')).*
       FROM invoices i WHERE id = ${one('invoices')}`,
    ],
  ]
  for (const [table, sql] of wrongs) {
    await pool.query(sql)
    expect(await differences(world), sql).toContainEqual(expect.stringContaining(table))
    expect(await reconcileOnce(world), sql).toBeGreaterThan(0)
    expect(await differences(world), sql).toEqual([])
  }
})
