import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consumeUsage } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

/** What the writer prepares, on a database where nothing was used yet: PostgreSQL plans each once, and for then. */
async function plansOfAnEmptyLedger(): Promise<Map<string, string>> {
  const { ctx } = core
  const userId = await addSubscriber(ctx)
  const call = { userId, meter: 'tokens', amount: 1, idempotencyKey: randomUUID() } as const
  for (const _repeat of [1, 2]) await consumeUsage(ctx, call)
  const plans = new Map<string, string>()
  const connections = await Promise.all([ctx.db.writers.connect(), ctx.db.writers.connect()])
  for (const db of connections) {
    const { rows } = await db.query<{ name: string; types: string[] }>(
      'SELECT name, parameter_types::text[] AS types FROM pg_prepared_statements',
    )
    for (const { name, types } of rows) {
      const none = types.map((type) => `NULL::${type}`).join()
      const { rows } = await db.query(`EXPLAIN EXECUTE "${name}" (${none})`)
      plans.set(name, rows.map((row) => row['QUERY PLAN']).join('\n'))
    }
    db.release()
  }
  return plans
}

test('every row is reached by its whole key, also by what was planned when there was none', async () => {
  const plans = await plansOfAnEmptyLedger()
  expect([...plans.keys()].sort()).toEqual([
    'change-counters',
    'create-counters',
    'find-entries',
    'insert-entries',
    'lock-counters',
  ])
  const counters =
    /on usage_counters c .*\n +Index Cond: (?=.*user_id = )(?=.*meter = )(?=.*period = )/
  expect(plans.get('lock-counters')).toMatch(counters)
  expect(plans.get('change-counters')).toMatch(counters)
  expect(plans.get('find-entries')).toMatch(
    /using usage_pkey .*\n.*Index Cond: .*user_id = .*idempotency_key >= /,
  )
  for (const plan of plans.values())
    expect(plan).not.toMatch(/Filter: .*(user_id|meter|period)|Seq Scan/)
})
