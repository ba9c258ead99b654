import { randomUUID } from 'node:crypto'
import { consumeUsage, recordUsageBatch } from '@tollgate/core'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import type { Ratio, Side } from './rounds.ts'
import type { World } from './world.ts'

const CALLERS = 512
const CALLS = 20_000
const BATCH = 1_000
const RAW_ROWS = 2_000

export const coreRatios: readonly Ratio[] = [
  { name: 'consumeVsRawInsert', of: 'consume', against: 'raw insert', target: 0.4 },
  { name: 'hotUserVsSpread', of: 'consume, one user', against: 'consume', target: 1 },
  { name: 'batchVsRawInsert', of: 'recordBatch', against: 'raw insert', target: 0.6 },
  { name: 'consumeVsRateLimiter', of: 'consume', against: 'rate-limiter-flexible', target: 2 },
]

let keys = 0
const nextKey = () => {
  keys += 1
  return `key-${keys}`
}

/** The verbs of core in this process, and what they are measured against on the same database. */
export async function coreSides(world: World): Promise<Side[]> {
  const { ctx, users } = world
  await createRawTable(world)
  const limiter = await createLimiter(world)
  const consume = (userOf: (call: number) => string | undefined) =>
    inParallel(CALLERS, CALLS, async (call) => {
      const use = { userId: userOf(call) ?? '', meter: 'tokens', amount: 1 } as const
      const { allowed } = await consumeUsage(ctx, { ...use, idempotencyKey: nextKey() })
      if (!allowed) throw new Error('a call within the limit was refused')
      return 1
    })
  const spread = (call: number) => users[call % users.length]
  return [
    { name: 'raw insert', run: () => inParallel(1, CALLS / RAW_ROWS, () => insertRaw(world)) },
    { name: 'consume', run: () => consume(spread) },
    { name: 'consume, one user', run: () => consume(() => users[0]) },
    { name: 'recordBatch', run: () => inParallel(2, CALLS / BATCH, () => recordBatch(world)) },
    {
      name: 'rate-limiter-flexible',
      run: () =>
        inParallel(CALLERS, CALLS / 4, async (call) => {
          await limiter.consume(spread(call) ?? '', 1)
          return 1
        }),
    },
  ]
}

/** What `work` did, summed, a second of all that `callers` took for `times` calls. */
async function inParallel(
  callers: number,
  times: number,
  work: (call: number) => Promise<number>,
): Promise<number> {
  let started = 0
  const done: number[] = []
  const begin = performance.now()
  const caller = async () => {
    while (started < times) {
      started += 1
      done.push(await work(started))
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const seconds = (performance.now() - begin) / 1_000
  return done.reduce((sum, each) => sum + each, 0) / seconds
}

async function recordBatch({ ctx, users }: World): Promise<number> {
  const events = Array.from({ length: BATCH }, (_, i) => {
    const userId = users[i % users.length] ?? ''
    return { userId, meter: 'tokens', amount: 1, idempotencyKey: nextKey() } as const
  })
  const { results } = await recordUsageBatch(ctx, { events })
  if (!results.every(({ ok }) => ok)) throw new Error('an item of a batch failed')
  return results.length
}

async function createRawTable({ ctx }: World): Promise<void> {
  await ctx.db.pool.query(
    `CREATE TABLE raw_usage ("user" text, key text, id uuid, meter text, month text, amount bigint,
       occurred_at timestamptz, metadata jsonb, used bigint, "limit" bigint, PRIMARY KEY ("user", key))`,
  )
}

async function insertRaw({ ctx, users }: World): Promise<number> {
  const rows = Array.from({ length: RAW_ROWS }, (_, i) => i)
  const now = ctx.clock.now().toISOString()
  const all = <T>(value: T) => rows.map(() => value)
  await ctx.db.pool.query({
    name: 'insert-raw',
    text: `INSERT INTO raw_usage SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[],
      $6::bigint[], $7::timestamptz[], $8::jsonb[], $9::bigint[], $10::bigint[])`,
    values: [
      rows.map((i) => users[i % users.length]),
      rows.map(nextKey),
      rows.map(() => randomUUID()),
      all('tokens'),
      all(now.slice(0, 7)),
      all(1),
      all(now),
      all(null),
      rows,
      rows,
    ],
  })
  return rows.length
}

/** It keeps no ledger and no keys. Same pool, same durability. */
function createLimiter({ ctx }: World): Promise<RateLimiterPostgres> {
  return new Promise((resolve, reject) => {
    const options = { storeClient: ctx.db.pool, points: 1_000_000_000, duration: 2_592_000 }
    const limiter: RateLimiterPostgres = new RateLimiterPostgres(options, (error?: Error) =>
      error ? reject(error) : resolve(limiter),
    )
  })
}
