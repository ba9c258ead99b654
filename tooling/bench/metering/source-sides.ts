import type { Context } from '@tollgate/core'
import { addSubscribers } from './world.ts'

const UNITS = 1_000_000_000

/** Users of whom each call takes from a grant: their allowance is 0. */
export async function addCreditUsers(ctx: Context, count: number): Promise<string[]> {
  const users = await addUsersWithoutAllowance(ctx, 'credits', count)
  await ctx.db.pool.query(
    `INSERT INTO grants (id, user_id, meter, amount, remaining, source, effective_at, created_at)
     SELECT gen_random_uuid(), id, 'tokens', $2, $2, 'admin', now(), now() FROM unnest($1::text[]) AS id`,
    [users, UNITS],
  )
  return users
}

/** Users whose every call is sold: their allowance is 0, and they have no cap. */
export async function addOverageUsers(ctx: Context, count: number): Promise<string[]> {
  const users = await addUsersWithoutAllowance(ctx, 'overage', count)
  await ctx.db.pool.query(
    `INSERT INTO overage_terms (user_id, meter, subscription_id, item_id, price_id, currency, unit_price,
       period_start, period_end, anchor, item_since, selling)
     SELECT id, 'tokens', 'sub_' || id, 'si_' || id, 'price_tokens', 'usd', 0.002,
       now() - interval '1 day', now() + interval '27 days', now() - interval '1 day', now() - interval '1 day', true
     FROM unnest($1::text[]) AS id`,
    [users],
  )
  return users
}

async function addUsersWithoutAllowance(
  ctx: Context,
  name: string,
  count: number,
): Promise<string[]> {
  const users = Array.from({ length: count }, (_, i) => `${name}_${i}`)
  await addSubscribers(ctx, users)
  await ctx.db.pool.query(
    "UPDATE quotas SET limit_amount = 0 WHERE user_id = ANY ($1) AND meter = 'tokens'",
    [users],
  )
  return users
}
