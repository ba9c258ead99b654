import type { Context, Scope } from '@tollgate/core'
import { createApiKey, upsertUser } from '@tollgate/core'
import { planLimit } from '@tollgate/core/testing'
import { catalog } from '@tollgate/testing/catalog'

export async function apiKey(core: Context, scopes: readonly Scope[]): Promise<string> {
  const createdBy = { kind: 'command', id: 'test' } as const
  return (await createApiKey(core, { name: 'test', scopes, createdBy })).key
}

/** A billing subject with the rows that a sync writes for a subscription; `limit` is that of every meter. */
export async function addSubscriber(core: Context, userId: string, limit?: number): Promise<void> {
  await upsertUser(core, { userId, email: `${userId}@example.com` })
  const now = core.clock.now()
  await core.db.pool.query(
    `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount,
       interval, quantity, current_period_start, current_period_end, created_at, synced_at)
     VALUES ('sub_' || $1::text, $1, 'cus_' || $1::text, true, 'active', 'basic', 'usd', 1900, 'month', 1, $2, $2, $2, $2)`,
    [userId, now],
  )
  for (const meter of catalog.meterIds) {
    await core.db.pool.query(
      `INSERT INTO quotas (user_id, meter, subscription_id, plan, status, limit_amount, unlimited)
       VALUES ($1, $2, 'sub_' || $1::text, 'basic', 'active', $3, false)`,
      [userId, meter, limit ?? planLimit(catalog, 'basic', meter).limit],
    )
  }
}
