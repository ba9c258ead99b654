import { isPlan } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { monthOf } from '../quota/index.ts'
import type { InboxSummary, LastReconcile, StripeTrouble } from '../stripe/index.ts'
import { lastReconcile, stripeTrouble, summarizeInbox } from '../stripe/index.ts'
import type { FailedPayment } from './overview-store.ts'
import {
  countOddities,
  countSubscriptions,
  readFailedPayments,
  readFailedTotals,
  readMonthlyRevenue,
  readUsageTotals,
} from './overview-store.ts'

/** How the business stands. Money is in the currency's minor unit. */
export interface Overview {
  /** What `active` and `past_due` subscriptions are billed in a month. */
  monthlyRevenue: { currency: string; amount: number }[]
  /** All of them, ended ones too; plan null where the price stands for none. */
  subscriptions: { plan: string | null; status: string; count: number }[]
  /** This month's, over all users. */
  usage: { period: string; meters: { meter: string; used: number }[] }
  /** Open invoices that Stripe tried to collect; the newest ten by name. */
  failedPayments: {
    totals: { currency: string; count: number; amountDue: number }[]
    latest: FailedPayment[]
  }
  inbox: InboxSummary
  reconcile: LastReconcile | null
  notices: Notice[]
}

/** Something for the operator to do. */
export interface Notice {
  code: NoticeCode
  message: string
}

export type NoticeCode =
  | StripeTrouble['code']
  | 'dead_events'
  | 'unrepaired_drift'
  | 'unknown_prices'
  | 'several_subscriptions'

/** Those that are being billed: a trial is not yet, `unpaid`, `paused` and `incomplete` are not any more or never were. */
const BILLED = ['active', 'past_due']
const ENDED = ['canceled', 'incomplete_expired']

const LATEST_FAILED = 10

/**
 * How the business stands now, from our rows and counters alone: neither Stripe nor the ledger is read. Monthly
 * recurring revenue is that of `active` and `past_due` subscriptions, each at its own price and quantity; a yearly
 * price counts a twelfth. Discounts, taxes and further items of a subscription are not in it.
 */
export async function getOverview(ctx: Context): Promise<Overview> {
  const { pool } = ctx.db
  const { period } = monthOf(ctx.clock.now())
  const [revenue, subscriptions, usage, totals, latest, inbox, reconcile] = await Promise.all([
    readMonthlyRevenue(pool, BILLED),
    countSubscriptions(pool),
    readUsageTotals(pool, period),
    readFailedTotals(pool),
    readFailedPayments(pool, LATEST_FAILED),
    summarizeInbox(ctx),
    lastReconcile(ctx),
  ])
  return {
    monthlyRevenue: revenue,
    subscriptions: subscriptions.map(({ plan, ...row }) => ({
      ...row,
      plan: plan !== null && isPlan(ctx.catalog, plan) ? plan : null,
    })),
    usage: {
      period,
      meters: ctx.catalog.meterIds.map((meter) => ({ meter, used: usage.get(meter) ?? 0 })),
    },
    failedPayments: { totals, latest },
    inbox,
    reconcile,
    notices: await notices(ctx, { inbox, reconcile }),
  }
}

async function notices(
  ctx: Context,
  { inbox, reconcile }: Pick<Overview, 'inbox' | 'reconcile'>,
): Promise<Notice[]> {
  const trouble = await stripeTrouble(ctx)
  const odd = await countOddities(ctx.db.pool, ENDED)
  const counted = (code: NoticeCode, count: number, [one, many]: [string, string]): Notice[] =>
    count === 0 ? [] : [{ code, message: `${count} ${count === 1 ? one : many}` }]
  return [
    ...(trouble ? [trouble] : []),
    ...counted('dead_events', inbox.dead, [
      'webhook event was given up: replay it',
      'webhook events were given up: replay them',
    ]),
    ...counted('unrepaired_drift', reconcile?.unrepaired ?? 0, [
      'difference from Stripe could not be repaired: see the last reconcile',
      'differences from Stripe could not be repaired: see the last reconcile',
    ]),
    ...counted('unknown_prices', odd.unknownPrices, [
      'customer pays a price that stands for no plan, and has no quota',
      'customers pay a price that stands for no plan, and have no quota',
    ]),
    ...counted('several_subscriptions', odd.severalSubscriptions, [
      'customer has several running subscriptions',
      'customers have several running subscriptions',
    ]),
  ]
}
