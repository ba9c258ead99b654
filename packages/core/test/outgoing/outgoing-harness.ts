import { randomUUID } from 'node:crypto'
import { catalog } from '@tollgate/testing/catalog'
import type { Context } from '../../src/index.ts'

/** The guide's catalogue, with thresholds at 80 % and at the limit. */
export const alerting = { ...catalog, alerts: [0.8, 1] }

export interface Outgoing {
  type: string
  sequence: number
  data: Partial<
    Record<
      'meter' | 'grant' | 'threshold' | 'limit' | 'used' | 'periodStart' | 'credits' | 'granted',
      unknown
    >
  > & { balance?: { periodStart?: string } }
}

/** A user's events in their order, once those of refusals are written. */
export async function eventsOf(ctx: Context, userId: string): Promise<Outgoing[]> {
  await ctx.usage.drain()
  const { rows } = await ctx.db.pool.query<Outgoing>(
    'SELECT type, sequence::int, data FROM outgoing_events WHERE user_id = $1 ORDER BY sequence',
    [userId],
  )
  return rows
}

/** The thresholds that were told: each as meter, window, share and limit. */
export async function thresholdsOf(ctx: Context, userId: string): Promise<string[]> {
  const events = await eventsOf(ctx, userId)
  return events
    .filter(({ type }) => type === 'quota.threshold_reached')
    .map(({ data }) => `${data.meter} ${data.periodStart} ${data.threshold} of ${data.limit}`)
}

/** Of tokens, under a new key. */
export function use(userId: string, amount: number) {
  return { userId, meter: 'tokens', amount, idempotencyKey: randomUUID() } as const
}

/** The limit that a sync would have written. */
export async function limitTokens(ctx: Context, userId: string, limit: number): Promise<void> {
  await ctx.db.pool.query(
    `UPDATE quotas SET limit_amount = $2 WHERE user_id = $1 AND meter = 'tokens'`,
    [userId, limit],
  )
}
