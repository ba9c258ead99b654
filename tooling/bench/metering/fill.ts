import { type Context, setQuota, verifyUsage } from '@tollgate/core'
import { monthOf } from '@tollgate/core/testing'
import pg from 'pg'
import { addSubscribers } from './world.ts'

/** Who has how many ledger rows, all in this month: the worst case for whoever sums them. */
export const FEW = { userId: 'few', rows: 1_000 }
export const MANY = { userId: 'many', rows: 2_000_000 }
export const GUIDE_USERS = Array.from({ length: 10 }, (_, i) => `guide_${i}`)
const GUIDE_ROWS = 100_000

/** More than a month's calls. */
const LIMIT = 1_000_000_000

/**
 * Fills the ledger of some users by SQL, and that of the guide's pattern beside it, and answers how many rows the
 * ledger got. The counters then follow from the ledger, as `usage verify --repair` computes them.
 */
export async function fillLedgers(ctx: Context): Promise<number> {
  const users = [FEW, MANY, ...GUIDE_USERS.map((userId) => ({ userId, rows: GUIDE_ROWS }))]
  await addSubscribers(
    ctx,
    users.map(({ userId }) => userId),
  )
  for (const { userId } of users) await raiseLimit(ctx, userId)
  const now = ctx.clock.now()
  // The product's own connections end a statement that takes as long as these do.
  const db = new pg.Client({ connectionString: ctx.db.url })
  await db.connect()
  for (const user of users) await fillLedger(db, user, now)
  await fillGuide(db, now)
  await verifyUsage(ctx, { repairedBy: { kind: 'command', id: 'bench' } })
  // Once now, rather than by autovacuum in the midst of a measurement.
  await db.query('VACUUM ANALYZE')
  await db.query('CHECKPOINT')
  await db.end()
  return users.reduce((sum, { rows }) => sum + rows, 0)
}

async function raiseLimit(ctx: Context, userId: string): Promise<void> {
  const actor = { kind: 'command', id: 'bench' } as const
  await setQuota(ctx, { userId, meter: 'tokens', limit: LIMIT, reason: 'benchmark', actor })
}

/** As `consume` would have written them, one token each, evenly over the month until now. */
async function fillLedger(
  db: pg.Client,
  user: { userId: string; rows: number },
  now: Date,
): Promise<void> {
  await db.query(
    `INSERT INTO usage (user_id, idempotency_key, id, verb, meter, period, amount, occurred_at, occurred_at_sent,
       recorded_at, over_limit, balance_used, balance_reserved, balance_limit)
     SELECT $1, 'filled-' || lpad(i::text, 9, '0'), uuidv7(), 'consume', 'tokens', $3, 1, at, false, at, false,
       i, 0, $6
     FROM generate_series(1, $2::int) AS i
     CROSS JOIN LATERAL (SELECT $4::timestamptz + ($5::timestamptz - $4::timestamptz) * (i / $2::float)) AS t (at)`,
    [user.userId, user.rows, monthOf(now).period, monthOf(now).startsAt, now.toISOString(), LIMIT],
  )
}

/** The guide's `usage` table, with the index that its sum over a user's month asks for. */
async function fillGuide(db: pg.Client, now: Date): Promise<void> {
  await db.query(
    `CREATE TABLE guide_usage (id bigserial PRIMARY KEY, user_id text NOT NULL, meter text NOT NULL,
       amount bigint NOT NULL, metadata jsonb, created_at timestamptz NOT NULL)`,
  )
  await db.query(
    `INSERT INTO guide_usage (user_id, meter, amount, created_at)
     SELECT u, 'tokens', 1, $3::timestamptz + ($4::timestamptz - $3::timestamptz) * (i / $2::float)
     FROM unnest($1::text[]) AS u CROSS JOIN generate_series(1, $2::int) AS i`,
    [GUIDE_USERS, GUIDE_ROWS, monthOf(now).startsAt, now.toISOString()],
  )
  await db.query('CREATE INDEX ON guide_usage (user_id, meter, created_at)')
}
