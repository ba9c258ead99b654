import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Resets } from '../../src/index.ts'
import { consumeUsage } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, resetting, startCore } from '../harness.ts'

let core: Harness
beforeEach(async () => {
  core = await startCore()
})
afterEach(() => core.close())

/** What the writer prepares, on a database where nothing was used yet: PostgreSQL plans each once, and for then. */
async function plansOfAnEmptyLedger(
  { ctx }: Harness,
  resets: Resets,
): Promise<Map<string, string>> {
  const userId = await addSubscriber(ctx)
  const call = { userId, meter: 'tokens', amount: 1, idempotencyKey: randomUUID() } as const
  for (const _repeat of [1, 2]) await consumeUsage(resetting(ctx, resets), call)
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
  const plans = await plansOfAnEmptyLedger(core, 'month')
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

test('where a window depends on the user, one query more says it, by keys too', async () => {
  const month = await plansOfAnEmptyLedger(core, 'month')
  await core.close()
  for (const resets of ['billing', 'never'] as const) {
    core = await startCore()
    const plans = await plansOfAnEmptyLedger(core, resets)
    const more = [...plans.keys()].filter((name) => !month.has(name))
    expect(more).toEqual(['read-window-bases'])
    expect(plans.get('read-window-bases')).not.toMatch(/Filter: .*(user_id|id = )|Seq Scan/)
    if (resets === 'billing') await core.close()
  }
})
