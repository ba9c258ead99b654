import type pg from 'pg'
import type { Lease } from '../../../database/index.ts'
import { assertLease, inTransaction } from '../../../database/index.ts'

/** What a write does. */
export type WriteStep =
  | 'create schedule'
  | 'write phases'
  | 'release schedule'
  | 'change price'
  | 'change items'
  | 'mark overage'
  | 'set end'
  | 'void invoice'

/** The last write to Stripe that a change of a user's subscription began. */
export interface LastWrite {
  subscriptionId: string
  /** No other write of the user has it. */
  number: number
  /** Stripe's answer has not come: the write may still arrive there. */
  isOpen: boolean
  /** The subscription that got a schedule which bears neither our mark nor its phases yet. */
  scheduleOf: string | null
}

type Db = pg.Pool | pg.ClientBase

/** The last write of a user's changes; null where there was none. */
export async function readLastWrite(db: Db, userId: string): Promise<LastWrite | null> {
  const { rows } = await db.query<LastWrite>(
    `SELECT subscription_id AS "subscriptionId", number, is_open AS "isOpen", schedule_of AS "scheduleOf"
     FROM change_writes WHERE user_id = $1`,
    [userId],
  )
  return rows[0] ?? null
}

/** Writes down that a write begins. Returns its number. Throws UNAVAILABLE when the lease is lost. */
export async function beginWrite(
  pool: pg.Pool,
  lease: Lease,
  write: { userId: string; subscriptionId: string; step: WriteStep },
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await assertLease(tx, lease)
    const { rows } = await tx.query<{ number: number }>(
      `INSERT INTO change_writes AS w (user_id, subscription_id, number, step, is_open, schedule_of)
       VALUES ($1, $2, 1, $3, true, CASE WHEN $3 = 'create schedule' THEN $2 END)
       ON CONFLICT (user_id) DO UPDATE
       SET subscription_id = EXCLUDED.subscription_id, number = w.number + 1, step = EXCLUDED.step,
         is_open = true, schedule_of = coalesce(EXCLUDED.schedule_of, w.schedule_of)
       RETURNING number`,
      [write.userId, write.subscriptionId, write.step],
    )
    return rows[0]?.number ?? 1
  })
}

/** Writes down how a write ended, unless a later one has begun. `happened` is null where that is not known. */
export async function endWrite(
  db: Db,
  { userId, number, happened }: { userId: string; number: number; happened: boolean | null },
): Promise<void> {
  await db.query(
    `UPDATE change_writes SET is_open = false,
       schedule_of = CASE
         WHEN step = 'create schedule' AND NOT $3::boolean THEN NULL
         WHEN step IN ('write phases', 'release schedule') AND $3::boolean THEN NULL
         ELSE schedule_of END
     WHERE user_id = $1 AND number = $2`,
    [userId, number, happened],
  )
}
