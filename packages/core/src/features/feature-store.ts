import type pg from 'pg'
import type { Actor } from '../actor.ts'

/** An operator's values of features for a user. */
export async function readFeatureOverrides(
  db: pg.Pool | pg.ClientBase,
  userId: string,
): Promise<Map<string, boolean | number>> {
  const { rows } = await db.query<{ feature: string; value: boolean | number }>(
    'SELECT feature, value FROM feature_overrides WHERE user_id = $1',
    [userId],
  )
  return new Map(rows.map(({ feature, value }) => [feature, value]))
}

export async function upsertFeatureOverride(
  db: pg.Pool | pg.ClientBase,
  override: {
    userId: string
    feature: string
    value: boolean | number
    reason: string
    actor: Actor
    at: Date
  },
): Promise<void> {
  const { userId, feature, value, reason, actor, at } = override
  await db.query(
    `INSERT INTO feature_overrides (user_id, feature, value, reason, set_by, set_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id, feature) DO UPDATE SET value = EXCLUDED.value, reason = EXCLUDED.reason,
       set_by = EXCLUDED.set_by, set_at = EXCLUDED.set_at`,
    [userId, feature, JSON.stringify(value), reason, `${actor.kind}:${actor.id}`, at],
  )
}

export async function deleteFeatureOverride(
  db: pg.Pool | pg.ClientBase,
  { userId, feature }: { userId: string; feature: string },
): Promise<void> {
  await db.query('DELETE FROM feature_overrides WHERE user_id = $1 AND feature = $2', [
    userId,
    feature,
  ])
}
