import type { Context } from '@tollgate/core'
import { closeContext, createContext, verifyUsage } from '@tollgate/core'
import { ManualClock, silentLog } from '@tollgate/core/testing'
import type { TestDatabase } from '@tollgate/testing'
import { createTestDatabase } from '@tollgate/testing'
import { catalog } from '@tollgate/testing/catalog'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addSubscriber, apiKey, send } from './harness.ts'
import { startClocked } from './server-process.ts'

// Four server processes at the turn of a window, two of them with a clock that is a millisecond behind.

const LIMIT = 50
const KNOWN = '2026-10-31T10:00:00.000Z'
const turns: [resets: string, at: string, before: string, after: string][] = [
  ['month', '2026-12-01T00:00:00.000Z', '2026-11', '2026-12'],
  ['day', '2026-12-02T00:00:00.000Z', '2026-12-01', '2026-12-02'],
  ['hour', '2026-12-01T15:00:00.000Z', '2026-12-01T14', '2026-12-01T15'],
  ['billing', '2026-11-30T10:00:00.000Z', KNOWN, '2026-11-30T10:00:00.000Z'],
]
const NEVER = 'since 2026-09-25T10:00:00.000Z'

let database: TestDatabase
let core: Context
let key: string

beforeAll(async () => {
  database = await createTestDatabase()
  core = createContext({
    catalog,
    databaseUrl: database.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: [], apiBase: 'http://127.0.0.1:1' },
    settings: { appUrl: 'http://127.0.0.1', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
    clock: new ManualClock(KNOWN),
  })
  key = await apiKey(core, ['usage:write'])
})

afterAll(async () => {
  await closeContext(core)
  await database.drop()
})

async function use(url: string, verb: 'consume' | 'reserve', input: object): Promise<boolean> {
  const { body } = await send(`${url}/api/trpc/usage.${verb}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ meter: 'tokens', idempotencyKey: crypto.randomUUID(), ...input }),
  })
  const { result } = body as { result?: { data: { allowed: boolean } } }
  if (!result) throw new Error(JSON.stringify(body))
  return result.data.allowed
}

it.each([...turns, ['never', '2026-12-01T00:00:00.000Z', NEVER, NEVER]] as const)(
  'by %s: at %s each window has its limit once, over all processes, and all sums are equal',
  async (resets, at, before, after) => {
    const start = Date.parse(at)
    const clocks = [start - 1, start, start - 1, start].map((ms) => new Date(ms).toISOString())
    const servers = await Promise.all(
      clocks.map((instant) => startClocked(database.url, instant, { RESETS: resets })),
    )
    await addSubscriber(core, resets, LIMIT)
    const answers = await Promise.all(
      Array.from({ length: 240 }, async (_, n) => {
        const { url = '' } = servers[n % 4] ?? {}
        return use(url, n % 5 === 0 ? 'reserve' : 'consume', { userId: resets, amount: 1 })
      }),
    )
    const { rows } = await core.db.pool.query<{ period: string; taken: number }>(
      `SELECT period, (used + reserved)::int AS taken FROM usage_counters WHERE user_id = $1 ORDER BY period`,
      [resets],
    )
    expect(rows).toEqual([...new Set([before, after])].map((period) => ({ period, taken: LIMIT })))
    expect(answers.filter((allowed) => allowed)).toHaveLength(rows.length * LIMIT)
    expect((await verifyUsage(core)).differences).toEqual([])
    for (const { signal } of servers) signal('SIGKILL')
    await Promise.all(servers.map(({ ended }) => ended))
  },
  60_000,
)
