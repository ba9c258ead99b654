import type { Context } from '../../src/index.ts'
import { definePlans } from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { stripeSide } from '../billing/billing-harness.ts'

export const packCatalog = definePlans({
  meters: {
    tokens: { name: 'Tokens', unit: ['token', 'tokens'] },
    renders: { name: 'Renders', unit: ['render', 'renders'] },
  },
  plans: {
    pro: {
      name: 'Pro',
      description: 'For teams',
      price: { month: { usd: 4_900 } },
      limits: { tokens: 1_000, renders: 'none' },
    },
  },
  packs: {
    tokens1m: {
      name: 'One million tokens',
      meter: 'tokens',
      amount: 1_000_000,
      price: { usd: 1_500 },
      expiresAfterDays: 365,
    },
    renders10: { name: 'Ten renders', meter: 'renders', amount: 10, price: { usd: 700 } },
  },
})

/** A grant of a user, as it is stored. */
export interface GrantRow {
  session: string
  meter: string
  amount: number
  remaining: number
  effectiveAt: string
  expiresAt: string | null
  isFrozen: boolean
  isRevoked: boolean
  amountRefunded: number
}

export async function grantsOf(ctx: Context, userId: string): Promise<GrantRow[]> {
  const { rows } = await ctx.db.pool.query<{ row: GrantRow & Record<'effectiveAt', string> }>(
    `SELECT jsonb_build_object('session', checkout_session_id, 'meter', meter, 'amount', amount,
       'remaining', remaining, 'effectiveAt', effective_at, 'expiresAt', expires_at,
       'isFrozen', frozen_at IS NOT NULL, 'isRevoked', revoked_at IS NOT NULL, 'amountRefunded', amount_refunded) AS row
     FROM grants WHERE user_id = $1 ORDER BY effective_at, id`,
    [userId],
  )
  const iso = (text: string) => new Date(text).toISOString()
  return rows.map(({ row }) => ({
    ...row,
    effectiveAt: iso(row.effectiveAt),
    expiresAt: row.expiresAt === null ? null : iso(row.expiresAt),
  }))
}

/** What the audit log says of a user's credits, the oldest first. */
export async function auditOf(ctx: Context, userId: string): Promise<string[]> {
  const { rows } = await ctx.db.pool.query<{ action: string }>(
    `SELECT action FROM audit_log WHERE user_id = $1 AND action LIKE 'credits.%' ORDER BY at, id`,
    [userId],
  )
  return rows.map(({ action }) => action)
}

/** The one charge of a customer. */
export async function chargeOf(
  ctx: Context,
  userId: string,
): Promise<{ id: string; amount: number }> {
  const { customer } = await stripeSide(ctx, userId)
  const { data } = await ctx.stripe.call((stripe) => stripe.charges.list({ customer }))
  const paid = data.find(({ status }) => status === 'succeeded')
  if (!paid) throw new Error('nothing was paid')
  return paid
}

/** Runs a scenario of the local Stripe, as its dashboard does. */
export async function scenario(
  { stripe }: BillingHarness,
  name: string,
  body: Record<string, unknown>,
): Promise<{ id: string }> {
  const response = await fetch(`${stripe.url}/_emulator/scenarios/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(await response.text())
  const { id }: { id: string } = JSON.parse(await response.text())
  return { id }
}
