import type Stripe from 'stripe'
import { completeOverage } from '../../src/billing/index.ts'
import type { Context } from '../../src/index.ts'
import { syncBilling } from '../../src/index.ts'
import { stepsAround } from '../../src/quota/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { stripeSide, subscribe } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'

/** A user who has bought a plan, with all items that it sells. */
export async function buy(core: BillingHarness, plan: string): Promise<string> {
  const userId = await addUser(core.ctx)
  await subscribe(core, { userId, plan })
  await completeOverage(core.ctx)
  return userId
}

/** The subscription of a user at Stripe. */
export async function liveOf(ctx: Context, userId: string): Promise<Stripe.Subscription> {
  const { subscriptions } = await stripeSide(ctx, userId)
  const [found] = subscriptions
  if (!found) throw new Error('there is no subscription')
  return found
}

/** The lookup keys of the items that a user's subscription has. */
export async function itemsOf(ctx: Context, userId: string): Promise<(string | null)[]> {
  const { items } = await liveOf(ctx, userId)
  return items.data.map(({ price }) => price.lookup_key).toSorted()
}

/** What is sold to a user now, as decisions read it. */
export async function termsOf(ctx: Context, userId: string) {
  const { rows } = await ctx.db.pool.query(
    `SELECT meter, unit_price::float8 AS price, selling, period_start, period_end, item_since, sells_until, default_cap::int
     FROM overage_terms WHERE user_id = $1 ORDER BY meter`,
    [userId],
  )
  return rows
}

/** Whether a meter is sold to a user now. */
export async function sells(ctx: Context, userId: string, meter = 'tokens'): Promise<boolean> {
  return (await termsOf(ctx, userId)).some((row) => row.meter === meter && row.selling)
}

/** Writes a sale as a decision does, into the hour and billing period of now. Below 0: a correction of this hour. */
export async function sell(
  ctx: Context,
  { userId, meter = 'tokens', units }: { userId: string; meter?: string; units: number },
): Promise<void> {
  const now = ctx.clock.now()
  const { rows } = await ctx.db.pool.query(
    'SELECT subscription_id, period_start, period_end, anchor FROM overage_terms WHERE user_id = $1 AND meter = $2',
    [userId, meter],
  )
  const [terms] = rows
  const period = now < terms.period_end ? terms.period_start : stepsAround(terms.anchor, now).start
  await ctx.db.pool.query(
    `INSERT INTO overage_sales AS s (user_id, meter, subscription_id, period_start, hour, units, total)
     VALUES ($1, $2, $3, $4, date_trunc('hour', $5::timestamptz, 'UTC'), $6, $6)
     ON CONFLICT (user_id, meter, subscription_id, period_start, hour) DO UPDATE
     SET units = s.units + EXCLUDED.units, total = s.total + EXCLUDED.units`,
    [userId, meter, terms.subscription_id, period, now, units],
  )
}

/** What is on a user's invoices of overage: units and amount by lookup key of the price, drafts too. */
export async function billed(
  ctx: Context,
  userId: string,
): Promise<Map<string, { units: number; amount: number }>> {
  const { invoices } = await stripeSide(ctx, userId)
  const { data: prices } = await ctx.stripe.call((stripe) =>
    stripe.prices.list({ limit: 100, type: 'recurring' }),
  )
  const names = new Map(prices.map(({ id, metadata }) => [id, nameOf(metadata)]))
  const lines = invoices.flatMap(({ lines: { data } }) => data)
  const found = new Map<string, { units: number; amount: number }>()
  for (const { pricing, quantity, amount } of lines) {
    const name = names.get(String(pricing?.price_details?.price))
    if (name === undefined) continue
    const before = found.get(name) ?? { units: 0, amount: 0 }
    found.set(name, { units: before.units + (quantity ?? 0), amount: before.amount + amount })
  }
  return found
}

function nameOf(metadata: Record<string, string>): string | undefined {
  const { tollgate_overage_plan: plan, tollgate_overage_meter: meter } = metadata
  return plan === undefined ? undefined : `${plan} ${meter}`
}

/** The deliveries of a user, the first one first. */
export async function deliveriesOf(ctx: Context, userId: string) {
  const { rows } = await ctx.db.pool.query(
    `SELECT meter, units::float8 AS units, state, occurred_at, identifier, attempts, last_error, invoice_id
     FROM overage_deliveries WHERE user_id = $1 ORDER BY created_at, identifier`,
    [userId],
  )
  return rows
}

/** What webhooks and the schedule would do: sync, then what is still to be added. */
export async function catchUp(ctx: Context, userId: string): Promise<void> {
  await syncBilling(ctx, { userId })
  await completeOverage(ctx)
}
