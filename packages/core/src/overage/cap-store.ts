import type pg from 'pg'
import type { Actor } from '../actor.ts'

/** Whether a user's subscription has overage of a meter, sold now or not. Locks its terms, so that no decision sells meanwhile. */
export async function lockTerms(
  tx: pg.ClientBase,
  { userId, meter }: { userId: string; meter: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM overage_terms t JOIN subscriptions s ON s.id = t.subscription_id AND s.is_current
     WHERE t.user_id = $1 AND t.meter = $2 FOR UPDATE OF t`,
    [userId, meter],
  )
  return rowCount === 1
}

export interface Cap {
  userId: string
  meter: string
  /** In the minor unit; null: no cap. */
  amountMinor: number | null
  actor: Actor
  now: Date
}

/** Sets the most that a user pays for overage of a meter in a billing period. */
export async function upsertCap(tx: pg.ClientBase, cap: Cap): Promise<void> {
  const { userId, meter, amountMinor, actor, now } = cap
  await tx.query(
    `INSERT INTO overage_caps (user_id, meter, amount_minor, set_at, actor_kind, actor_id)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id, meter) DO UPDATE SET amount_minor = EXCLUDED.amount_minor,
       set_at = EXCLUDED.set_at, actor_kind = EXCLUDED.actor_kind, actor_id = EXCLUDED.actor_id`,
    [userId, meter, amountMinor, now, actor.kind, actor.id],
  )
}

/** Sets the cap of who has chosen none; a choice stays. */
export async function insertCap(db: pg.Pool | pg.ClientBase, cap: Cap): Promise<void> {
  const { userId, meter, amountMinor, actor, now } = cap
  await db.query(
    `INSERT INTO overage_caps (user_id, meter, amount_minor, set_at, actor_kind, actor_id)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, meter) DO NOTHING`,
    [userId, meter, amountMinor, now, actor.kind, actor.id],
  )
}
