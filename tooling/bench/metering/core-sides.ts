import { randomUUID } from 'node:crypto'
import { consumeUsage, recordUsageBatch } from '@tollgate/core'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import type { Ratio, Side } from './rounds.ts'
import { addCreditUsers, addOverageUsers } from './source-sides.ts'
import type { World } from './world.ts'
import { Keys } from './world.ts'

const CALLERS = 512
const CALLS = 20_000
const BATCH = 1_000
const RAW_ROWS = 2_000

export const coreRatios: readonly Ratio[] = [
  { name: 'consumeVsRawInsert', pairs: [['consume', 'raw insert']], atLeast: 0.4 },
  { name: 'hotUserVsSpread', pairs: [['consume, one user', 'consume']], atLeast: 1 },
  { name: 'batchVsRawInsert', pairs: [['recordBatch', 'raw insert']], atLeast: 0.6 },
  { name: 'consumeWithGrantsVsPlain', pairs: [['consume, of credits', 'consume']], atLeast: 0.75 },
  { name: 'consumeWithOverageVsPlain', pairs: [['consume, of overage', 'consume']], atLeast: 0.75 },
  { name: 'consumeVsRateLimiter', pairs: [['consume', 'rate-limiter-flexible']], atLeast: 2 },
]

/** The verbs of core in this process, and what they are measured against on the same database; all a second. */
export async function coreSides(world: World): Promise<Side[]> {
  const { ctx, users, keys } = world
  await createRawTable(world)
  const limiter = await createLimiter(world)
  const consume = (userOf: (call: number) => string | undefined) =>
    inParallel(CALLERS, CALLS, async (call) => {
      const use = { userId: userOf(call) ?? '', meter: 'tokens', amount: 1 } as const
      const { allowed } = await consumeUsage(ctx, { ...use, idempotencyKey: keys.next() })
      if (!allowed) throw new Error('a call within the limit was refused')
      return 1
    })
  const spreadOver = (all: readonly string[]) => (call: number) => all[call % all.length]
  const spread = spreadOver(users)
  const buyers = await addCreditUsers(ctx, users.length)
  const payers = await addOverageUsers(ctx, users.length)
  const limit = async (call: number) => {
    await limiter.consume(spread(call) ?? '', 1)
    return 1
  }
  return [
    side('raw insert', () => inParallel(1, CALLS / RAW_ROWS, () => insertRaw(world))),
    side('consume', () => consume(spread)),
    side('consume, one user', () => consume(() => users[0])),
    side('consume, of credits', () => consume(spreadOver(buyers))),
    side('consume, of overage', () => consume(spreadOver(payers))),
    side('recordBatch', () => inParallel(2, CALLS / BATCH, () => recordBatch(world))),
    side('rate-limiter-flexible', () => inParallel(CALLERS, CALLS / 4, limit)),
  ]
}

function side(name: string, run: () => Promise<number>): Side {
  return { run: async () => ({ [name]: await run() }) }
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

async function recordBatch({ ctx, users, keys }: World): Promise<number> {
  const events = Array.from({ length: BATCH }, (_, i) => {
    const userId = users[i % users.length] ?? ''
    return { userId, meter: 'tokens', amount: 1, idempotencyKey: keys.next() } as const
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

const rawKeys = new Keys()

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
      rows.map(() => rawKeys.next()),
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
