import { meterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { InboxSummary } from '../inbox/index.ts'
import { summarizeInbox } from '../inbox/index.ts'
import { countPaymentTroubles } from '../packs/index.ts'
import { dateOf, monthOf, readTotalsOfDays } from '../quota/index.ts'
import type { LastReconcile } from '../reconcile/index.ts'
import { lastReconcile } from '../reconcile/index.ts'
import type { StripeTrouble } from '../stripe/index.ts'
import { stripeRefusals, stripeTrouble } from '../stripe/index.ts'
import { billedStatuses, endedStatuses, planOrNull } from '../subscriptions/index.ts'
import type { FailedPayment } from './overview-store.ts'
import {
  countOddities,
  countSubscriptions,
  readFailedPayments,
  readFailedTotals,
  readMonthlyRevenue,
  readUsageTotals,
} from './overview-store.ts'

/** The state of the business. Money is in the currency's minor unit. */
export interface Overview {
  /** What billed subscriptions (`active` and `past_due`) are charged in a month, after discounts that last. */
  monthlyRevenue: { currency: string; amount: number }[]
  /** All of them, ended ones too; plan null where the price maps to none. */
  subscriptions: { plan: string | null; status: string; count: number }[]
  /** This month's, over all users. */
  usage: { period: string; meters: { meter: string; used: number }[] }
  /** Open invoices that Stripe tried to collect, and the newest ten of them. */
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
  | 'stripe_refuses'
  | 'dead_events'
  | 'unrepaired_drift'
  | 'unknown_prices'
  | 'several_subscriptions'
  | 'open_disputes'
  | 'lost_disputes'
  | 'paused_collections'
  | 'packs_refunded_in_part'
  | 'packs_taken_back'

const LATEST_FAILED = 10

/**
 * The state of the business now, from our rows and counters alone: neither Stripe nor the ledger is read. Monthly
 * recurring revenue is that of billed subscriptions, each at its own price, quantity and currency, over its interval: a
 * yearly price counts a twelfth. Discounts of the subscription and of its plan's item are taken off: those that are
 * forever, and those that repeat until they end. What counts once, a discount of the customer's, taxes, overage and
 * further items of a subscription are not in it.
 */
export async function getOverview(ctx: Context): Promise<Overview> {
  const { pool } = ctx.db
  const { period } = monthOf(ctx.clock.now())
  const [revenue, subscriptions, usage, totals, latest, inbox, reconcile] = await Promise.all([
    readMonthlyRevenue(pool, { statuses: billedStatuses, now: ctx.clock.now() }),
    countSubscriptions(pool),
    readUsage(ctx),
    readFailedTotals(pool),
    readFailedPayments(pool, LATEST_FAILED),
    summarizeInbox(ctx),
    lastReconcile(ctx),
  ])
  return {
    monthlyRevenue: revenue,
    subscriptions: subscriptions.map(({ plan, ...row }) => ({
      ...row,
      plan: planOrNull(ctx.catalog, plan),
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

/** What all users used this month (UTC), by meter: of one that resets otherwise, on the days of the month. */
async function readUsage({ catalog, clock, db }: Context): Promise<Map<string, number>> {
  const { period, start, end } = monthOf(clock.now())
  const monthly = await readUsageTotals(db.pool, period)
  const meters = catalog.meterIds.filter((meter) => meterOf(catalog, meter).resets !== 'month')
  if (meters.length === 0) return monthly
  const days = { from: dateOf(start), to: dateOf(new Date(end.getTime() - 1)) }
  return new Map([...monthly, ...(await readTotalsOfDays(db.pool, { ...days, meters }))])
}

async function notices(
  ctx: Context,
  { inbox, reconcile }: Pick<Overview, 'inbox' | 'reconcile'>,
): Promise<Notice[]> {
  const trouble = await stripeTrouble(ctx)
  const refusals = await stripeRefusals(ctx)
  const odd = await countOddities(ctx.db.pool, endedStatuses)
  const packs = await packTroubles(ctx)
  const counted = (code: NoticeCode, count: number, [one, many]: [string, string]): Notice[] =>
    count === 0 ? [] : [{ code, message: `${count} ${count === 1 ? one : many}` }]
  return [
    ...(trouble ? [trouble] : []),
    ...(refusals.length === 0
      ? []
      : [{ code: 'stripe_refuses' as const, message: refusalMessage(refusals) }]),
    ...counted('dead_events', inbox.dead, [
      'webhook event is dead: replay it',
      'webhook events are dead: replay them',
    ]),
    ...counted('unrepaired_drift', reconcile?.unrepaired ?? 0, [
      'difference from Stripe could not be repaired: see the last reconcile run',
      'differences from Stripe could not be repaired: see the last reconcile run',
    ]),
    ...counted('unknown_prices', odd.unknownPrices, [
      'customer pays a price that maps to no plan, and has no quota',
      'customers pay a price that maps to no plan, and have no quota',
    ]),
    ...counted('several_subscriptions', odd.severalSubscriptions, [
      'customer has several running subscriptions',
      'customers have several running subscriptions',
    ]),
    ...counted('open_disputes', odd.openDisputes, [
      'payment is disputed: answer it in Stripe’s dashboard',
      'payments are disputed: answer them in Stripe’s dashboard',
    ]),
    ...counted('lost_disputes', odd.lostDisputes, [
      'subscription runs although its payment was lost to a dispute: it gives quota until its grace ends',
      'subscriptions run although their payment was lost to a dispute: they give quota until their grace ends',
    ]),
    ...counted('paused_collections', odd.pausedCollections, [
      'subscription is not charged, since its collection is paused; it gives quota',
      'subscriptions are not charged, since their collection is paused; they give quota',
    ]),
    ...counted('packs_refunded_in_part', packs.refundedInPart, [
      'pack was refunded in part and keeps its credits: revoke its grant if they are not meant to stay',
      'packs were refunded in part and keep their credits: revoke their grants if they are not meant to stay',
    ]),
    ...counted('packs_taken_back', packs.takenBack, [
      'pack was refunded or lost to a dispute in the last 30 days: what remained of its credits is gone',
      'packs were refunded or lost to a dispute in the last 30 days: what remained of their credits is gone',
    ]),
  ]
}

const RECENT_MS = 30 * 86_400_000

function packTroubles({ db, clock }: Context) {
  const now = clock.now()
  return countPaymentTroubles(db.pool, { now, since: new Date(now.getTime() - RECENT_MS) })
}

function refusalMessage(refusals: readonly string[]): string {
  return `Stripe refuses what STRIPE_SECRET_KEY is used for: ${refusals.join('; ')}. Give the key these permissions in Stripe's dashboard, Developers, API keys, or set another key, then run: tollgate doctor`
}
