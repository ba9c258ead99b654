import type pg from 'pg'
import { endTerms, writeTerms } from '../overage/index.ts'
import type { EarlierSubscription } from '../quota/index.ts'
import { endSpans, nextSpans, readBases, writeSpans } from '../quota/index.ts'
import { rememberPrices } from '../stripe/index.ts'
import { endedStatuses } from '../subscriptions/index.ts'
import type { CustomerRows, QuotaRow } from './decide.ts'

/** The user to whom a customer is bound. */
export interface Owner {
  userId: string
  /** The customer was deleted at Stripe and the user has another one: nothing of it counts any more. */
  isFormer: boolean
}

/** The user to whom a customer is or was bound; null for a customer that is not ours. */
export async function findOwner(
  db: pg.Pool | pg.ClientBase,
  customerId: string,
): Promise<Owner | null> {
  const { rows } = await db.query<Owner>(
    `SELECT id AS "userId", false AS "isFormer" FROM users WHERE stripe_customer_id = $1
     UNION ALL SELECT user_id, true FROM former_customers WHERE customer_id = $1`,
    [customerId],
  )
  return rows[0] ?? null
}

/** Binds a user to a Stripe customer, unless they have another one. Returns whether they are bound to it now. */
export async function bindUnbound(
  db: pg.Pool | pg.ClientBase,
  { userId, customerId, now }: { userId: string; customerId: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE users SET stripe_customer_id = $2, updated_at = $3
     WHERE id = $1 AND coalesce(stripe_customer_id, $2) = $2`,
    [userId, customerId, now],
  )
  return rowCount === 1
}

/** The customer of a subscription or invoice that we have a row of; else null. */
export async function findCustomerOf(
  db: pg.Pool | pg.ClientBase,
  objectId: string,
): Promise<string | null> {
  const { rows } = await db.query<{ customer_id: string }>(
    `SELECT customer_id FROM subscriptions WHERE id = $1
     UNION ALL SELECT customer_id FROM invoices WHERE id = $1`,
    [objectId],
  )
  return rows[0]?.customer_id ?? null
}

interface Target extends Owner {
  customerId: string
  now: Date
}

/** Makes the rows about a customer equal to `rows`. */
export async function writeRows(
  tx: pg.ClientBase,
  owner: Target,
  rows: CustomerRows,
): Promise<void> {
  if (!owner.isFormer) await followSpans(tx, owner, rows.subscriptions)
  await writeSubscriptions(tx, owner, rows.subscriptions)
  if (!owner.isFormer) await writeQuotas(tx, owner, rows.quotas)
  if (!owner.isFormer) await writeTerms(tx, owner, rows.terms)
  await writeInvoices(tx, owner, rows.invoices)
  await rememberPrices(tx, rows.newPrices, owner.now)
  if (!rows.trialUsed) return
  await tx.query('UPDATE users SET trial_used_at = $2 WHERE id = $1 AND trial_used_at IS NULL', [
    owner.userId,
    owner.now,
  ])
}

/** Over which times a subscription gives `billing` windows. Before the rows are written: it compares with the sync before. */
async function followSpans(
  tx: pg.ClientBase,
  { userId, now }: Target,
  subscriptions: CustomerRows['subscriptions'],
): Promise<void> {
  const { rows: earlier } = await tx.query<EarlierSubscription>(
    `SELECT id, plan, status, is_current AS "isCurrent", trial_end AS "trialEnd"
     FROM subscriptions WHERE user_id = $1`,
    [userId],
  )
  const spans = (await readBases(tx, [userId])).get(userId)?.spans ?? []
  const next = nextSpans({ spans, earlier, subscriptions, now })
  if (next !== spans) await writeSpans(tx, userId, next)
}

async function writeSubscriptions(
  tx: pg.ClientBase,
  { userId, isFormer, now }: Target,
  subscriptions: CustomerRows['subscriptions'],
): Promise<void> {
  // First: a user has one current row at most, and the upsert may make another one current.
  if (!isFormer) {
    const current = 'UPDATE subscriptions SET is_current = false WHERE user_id = $1 AND is_current'
    await tx.query(current, [userId])
  }
  await tx.query(
    `INSERT INTO subscriptions AS s (user_id, synced_at, id, customer_id, is_current, status,
       price_id, plan, currency, unit_amount, net_amounts, interval, interval_count, quantity, current_period_start,
       current_period_end, cancel_at, ended_at, trial_end, pending_plan, pending_interval, pending_at, schedule_id,
       past_due_since, created_at, pause_behavior, pause_resumes_at, billing_cycle_anchor, overage_due)
     SELECT $1, $2, r.id, r.customer_id, r.is_current AND NOT $4, r.status,
       r.price_id, r.plan, r.currency, r.unit_amount, r.net_amounts, r.interval, r.interval_count, r.quantity, r.current_period_start,
       r.current_period_end, r.cancel_at, r.ended_at, r.trial_end, r.pending_plan, r.pending_interval, r.pending_at, r.schedule_id,
       r.past_due_since, r.created_at, r.pause_behavior, r.pause_resumes_at, r.billing_cycle_anchor, r.overage_due
     FROM jsonb_populate_recordset(NULL::subscriptions, $3) AS r
     ON CONFLICT (id) DO UPDATE SET
       user_id = EXCLUDED.user_id, synced_at = EXCLUDED.synced_at, customer_id = EXCLUDED.customer_id,
       is_current = EXCLUDED.is_current, status = EXCLUDED.status, price_id = EXCLUDED.price_id,
       plan = EXCLUDED.plan, currency = EXCLUDED.currency, unit_amount = EXCLUDED.unit_amount,
       net_amounts = EXCLUDED.net_amounts, interval = EXCLUDED.interval, interval_count = EXCLUDED.interval_count, quantity = EXCLUDED.quantity,
       current_period_start = EXCLUDED.current_period_start,
       current_period_end = EXCLUDED.current_period_end, cancel_at = EXCLUDED.cancel_at,
       ended_at = EXCLUDED.ended_at, trial_end = EXCLUDED.trial_end,
       pending_plan = EXCLUDED.pending_plan, pending_interval = EXCLUDED.pending_interval,
       pending_at = EXCLUDED.pending_at,
       schedule_id = EXCLUDED.schedule_id, past_due_since = EXCLUDED.past_due_since,
       created_at = EXCLUDED.created_at, pause_behavior = EXCLUDED.pause_behavior,
       pause_resumes_at = EXCLUDED.pause_resumes_at, billing_cycle_anchor = EXCLUDED.billing_cycle_anchor,
       overage_due = EXCLUDED.overage_due`,
    [userId, now, JSON.stringify(subscriptions), isFormer],
  )
}

/** Without a subscription there are no rows. Rows of meters that the catalogue no longer has are deleted too. */
async function writeQuotas(
  tx: pg.ClientBase,
  { userId }: Target,
  quotas: readonly QuotaRow[],
): Promise<void> {
  await tx.query('DELETE FROM quotas WHERE user_id = $1 AND NOT meter = ANY ($2)', [
    userId,
    quotas.map(({ meter }) => meter),
  ])
  await tx.query(
    `INSERT INTO quotas (user_id, meter, subscription_id, plan, status, past_due_since, limit_amount, unlimited)
     SELECT $1, r.meter, r.subscription_id, r.plan, r.status, r.past_due_since, r.limit_amount, r.unlimited
     FROM jsonb_populate_recordset(NULL::quotas, $2) AS r
     ON CONFLICT (user_id, meter) DO UPDATE SET
       subscription_id = EXCLUDED.subscription_id, plan = EXCLUDED.plan, status = EXCLUDED.status,
       past_due_since = EXCLUDED.past_due_since, limit_amount = EXCLUDED.limit_amount,
       unlimited = EXCLUDED.unlimited`,
    [userId, JSON.stringify(quotas)],
  )
}

async function writeInvoices(
  tx: pg.ClientBase,
  { userId, customerId, now }: Target,
  invoices: CustomerRows['invoices'],
): Promise<void> {
  // Of all invoices only a draft can be deleted at Stripe. Any other that Stripe does not list stays here.
  await tx.query(
    `DELETE FROM invoices WHERE customer_id = $1 AND status = 'draft' AND NOT id = ANY ($2)`,
    [customerId, invoices.map(({ id }) => id)],
  )
  await tx.query(
    `INSERT INTO invoices (user_id, synced_at, id, customer_id, subscription_id, number, status, attempted,
       currency, total, amount_paid, amount_due, amount_refunded, created_at, period_start, period_end,
       finalized_at, hosted_url, pdf_url, due_at, dispute_status, amount_disputed)
     SELECT $1, $2, r.id, r.customer_id, r.subscription_id, r.number, r.status, r.attempted,
       r.currency, r.total, r.amount_paid, r.amount_due, r.amount_refunded, r.created_at, r.period_start, r.period_end,
       r.finalized_at, r.hosted_url, r.pdf_url, r.due_at, r.dispute_status, r.amount_disputed
     FROM jsonb_populate_recordset(NULL::invoices, $3) AS r
     ON CONFLICT (id) DO UPDATE SET
       user_id = EXCLUDED.user_id, synced_at = EXCLUDED.synced_at, customer_id = EXCLUDED.customer_id,
       subscription_id = EXCLUDED.subscription_id, number = EXCLUDED.number, status = EXCLUDED.status,
       attempted = EXCLUDED.attempted, currency = EXCLUDED.currency, total = EXCLUDED.total, amount_paid = EXCLUDED.amount_paid,
       amount_due = EXCLUDED.amount_due, amount_refunded = EXCLUDED.amount_refunded,
       created_at = EXCLUDED.created_at, period_start = EXCLUDED.period_start,
       period_end = EXCLUDED.period_end, finalized_at = EXCLUDED.finalized_at,
       hosted_url = EXCLUDED.hosted_url, pdf_url = EXCLUDED.pdf_url, due_at = EXCLUDED.due_at,
       dispute_status = EXCLUDED.dispute_status, amount_disputed = EXCLUDED.amount_disputed`,
    [userId, now, JSON.stringify(invoices)],
  )
}

/** How a subscription ended that Stripe does not list any more. */
export interface Ending {
  id: string
  status: string
  endedAt: Date
}

/** Ends subscriptions, each as Stripe says; what they gave goes with them. */
export async function endUnlisted(
  tx: pg.ClientBase,
  endings: readonly Ending[],
  now: Date,
): Promise<void> {
  const ids = endings.map(({ id }) => id)
  await tx.query('DELETE FROM quotas WHERE subscription_id = ANY ($1)', [ids])
  await endTerms(tx, ids)
  await tx.query(
    `UPDATE subscriptions s
     SET status = e.status, ended_at = e."endedAt", is_current = false, cancel_at = NULL,
       pending_plan = NULL, pending_interval = NULL, pending_at = NULL, past_due_since = NULL, synced_at = $2
     FROM jsonb_to_recordset($1) AS e (id text, status text, "endedAt" timestamptz)
     WHERE s.id = e.id`,
    [JSON.stringify(endings), now],
  )
  await endSpans(
    tx,
    endings.map(({ id }) => id),
  )
}

/** Ends the subscriptions of a customer that was deleted at Stripe, since Stripe does not list them any more. */
export async function endSubscriptions(
  tx: pg.ClientBase,
  { customerId, now }: { customerId: string; now: Date },
): Promise<void> {
  await tx.query(
    `DELETE FROM quotas WHERE subscription_id IN (SELECT id FROM subscriptions WHERE customer_id = $1)`,
    [customerId],
  )
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE subscriptions
     SET status = 'canceled', ended_at = coalesce(ended_at, $2), is_current = false, cancel_at = NULL,
       pending_plan = NULL, pending_interval = NULL, pending_at = NULL, past_due_since = NULL, synced_at = $2
     WHERE customer_id = $1 AND NOT status = ANY ($3)
     RETURNING id`,
    [customerId, now, endedStatuses],
  )
  await endSpans(
    tx,
    rows.map(({ id }) => id),
  )
}
