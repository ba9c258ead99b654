import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Context } from '../../src/index.ts'
import { listAudit, recordUsage, reserveUsage, verifyUsage } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, startCore } from '../harness.ts'

const repairedBy: Actor = { kind: 'command', id: 'usage verify --repair' }

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

async function addUse(ctx: Context): Promise<string> {
  const userId = await addSubscriber(ctx)
  const use = { userId, meter: 'tokens', amount: 3, idempotencyKey: 'k' } as const
  await recordUsage(ctx, use)
  await reserveUsage(ctx, { ...use, idempotencyKey: 'r' })
  return userId
}

describe('verify', () => {
  test.each([
    'UPDATE usage_counters SET used = used + 1',
    'UPDATE usage_counters SET reserved = 0',
    'UPDATE usage_counters SET day_amounts[5] = 1',
    'UPDATE usage_counters SET day_events[30] = 9',
    'DELETE FROM usage_counters',
  ])(
    'finds a counter that was tampered with, and repairs it from the ledger: %s',
    async (damage) => {
      const { ctx } = core
      const userId = await addUse(ctx)
      await ctx.db.pool.query(`${damage} WHERE user_id = $1`, [userId])
      expect((await verifyUsage(ctx, { repairedBy })).differences).toMatchObject([
        { ledger: { userId, used: 3, reserved: 3 } },
      ])
      expect((await verifyUsage(ctx)).differences).toEqual([])
      const entries = (await listAudit(ctx)).items.filter((entry) => entry.userId === userId)
      expect(entries).toMatchObject([
        {
          actor: repairedBy,
          action: 'usage.repair',
          details: { meter: 'tokens', after: { used: 3, reserved: 3 } },
        },
      ])
    },
  )

  test('leaves no entry in the audit log where nothing was repaired', async () => {
    const before = (await listAudit(core.ctx)).items.length
    await verifyUsage(core.ctx, { repairedBy })
    expect((await listAudit(core.ctx)).items).toHaveLength(before)
  })

  test('repairs a missing counter while another transaction creates it, and loses nothing of that', async () => {
    const { ctx } = core
    const userId = await addUse(ctx)
    const { pool } = ctx.db
    await pool.query('DELETE FROM usage_counters WHERE user_id = $1', [userId])
    const other = await pool.connect()
    await other.query('BEGIN')
    await other.query(
      `INSERT INTO usage_counters (user_id, meter, period, used, day_amounts, day_events)
       VALUES ($1, 'tokens', '2026-11', 3, array_fill(0::bigint, ARRAY[31]), array_fill(0, ARRAY[31]))`,
      [userId],
    )
    const repaired = verifyUsage(ctx, { repairedBy })
    await untilBlocked(ctx)
    await other.query(
      `INSERT INTO usage (user_id, idempotency_key, id, verb, meter, period, amount, occurred_at, occurred_at_sent,
         recorded_at, over_limit, balance_used, balance_reserved)
       SELECT user_id, 'meanwhile', gen_random_uuid(), verb, meter, period, amount, occurred_at, occurred_at_sent,
         recorded_at, over_limit, balance_used, balance_reserved
       FROM usage WHERE user_id = $1 AND idempotency_key = 'k'`,
      [userId],
    )
    await other.query('COMMIT')
    other.release()
    await repaired
    expect((await verifyUsage(ctx)).differences).toEqual([])
  })
})

/** Until a transaction waits for the lock of another. */
async function untilBlocked({ db }: Context): Promise<void> {
  while (true) {
    const { rowCount } = await db.pool.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    )
    if (rowCount) return
    await delay(20)
  }
}
