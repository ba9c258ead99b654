import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import type { OverageOf } from '../../stripe/index.ts'
import { amountIn, idOf, OVERAGE_DUE, overageOf } from '../../stripe/index.ts'
import { hasEnded, planOrNull, readCurrent } from '../../subscriptions/index.ts'
import { isOwnSchedule } from './schedule/own-schedule.ts'
import type { SentPhase } from './schedule/sent-phase.ts'
import { readLastWrite } from './write/write-store.ts'

/** The item of a subscription whose price maps to its plan. Instants are Stripe's seconds. */
export interface LiveItem {
  id: string
  priceId: string
  quantity: number
  /** Of one, in the minor unit of the subscription's currency; null where the price has none, one with tiers for example. */
  unitAmount: number | null
  interval: string
  intervalCount: number
  periodStart: number
  periodEnd: number
}

/** An item of a subscription that sells what goes beyond a plan's limit of a meter. */
export interface OverageItem extends OverageOf {
  id: string
  priceId: string
}

/** The subscription that counts, as Stripe has it at this moment. A change is decided on it. */
export interface LiveSubscription {
  id: string
  customerId: string
  status: string
  currency: string
  /** As of the last sync. */
  plan: string | null
  /** The plan of a change under way, whoever scheduled it; as of the last sync. */
  pendingPlan: string | null
  item: LiveItem
  /** The items by which it sells what goes beyond a plan, its own or an earlier one. */
  overageItems: readonly OverageItem[]
  /** The plan whose overage items it is to get, once it is on it. */
  overageDue: string | null
  /** Items of several intervals need the flexible billing mode (docs/stripe.md, fact 24). */
  isFlexible: boolean
  /** Whether another item is billed at another interval than the plan's. */
  hasMixedIntervals: boolean
  cancelAt: number | null
  cancelsAtPeriodEnd: boolean
  metadata: Readonly<Record<string, string>>
  trialEnd: number | null
  schedule: Stripe.SubscriptionSchedule | null
  /** Whether the schedule is ours to release or to change. */
  ownsSchedule: boolean
  /** The subscription's own discounts and tax rates, which a phase has to name. */
  carried: Pick<SentPhase, 'discounts' | 'default_tax_rates'>
  /** The same of its items, by their prices. */
  carriedByPrice: ReadonlyMap<string, Carried>
  /** A change that waits for its payment. */
  pending: { priceId: string | null } | null
  latestInvoiceId: string | null
}

type Carried = Pick<SentPhase['items'][number], 'discounts' | 'tax_rates' | 'metadata'>

/** A person waits for these calls. */
export const QUICK = { timeout: 10_000, maxNetworkRetries: 2 } as const

const EXPAND = ['schedule', 'items.data.price.currency_options']

/** Throws USER_NOT_FOUND, NO_SUBSCRIPTION when there is none or it has ended, STRIPE_UNAVAILABLE. */
export async function readLive(ctx: Context, userId: string): Promise<LiveSubscription> {
  const row = await readCurrent(ctx.db.pool, userId)
  if (!row) throw noSubscription()
  const found = await ctx.stripe.call((stripe) =>
    stripe.subscriptions.retrieve(row.id, { expand: EXPAND }, QUICK),
  )
  const items = found.items.data
  const item = items.find(({ price }) => price.id === row.priceId) ?? items[0]
  if (!item || hasEnded(found.status)) throw noSubscription()
  const schedule = typeof found.schedule === 'string' ? null : found.schedule
  const last = schedule && (await readLastWrite(ctx.db.pool, userId))
  const isCreating = last?.scheduleOf === found.id
  const { pendingPlan } = row
  return {
    id: found.id,
    customerId: row.customerId,
    status: found.status,
    currency: found.currency,
    plan: item.price.id === row.priceId ? planOrNull(ctx.catalog, row.plan) : null,
    pendingPlan,
    item: liveItem(item, found.currency),
    overageItems: items.flatMap(({ id, price }) => {
      const of = overageOf(price)
      return of === null ? [] : [{ ...of, id, priceId: price.id }]
    }),
    overageDue: found.metadata[OVERAGE_DUE] ?? null,
    isFlexible: found.billing_mode.type === 'flexible',
    hasMixedIntervals: items.some(({ price }) => intervalOf(price) !== intervalOf(item.price)),
    cancelAt: found.cancel_at,
    cancelsAtPeriodEnd: found.cancel_at_period_end,
    metadata: found.metadata,
    trialEnd: found.status === 'trialing' ? found.trial_end : null,
    schedule,
    ownsSchedule: schedule !== null && isOwnSchedule(schedule, { pendingPlan, isCreating }),
    ...carriedBy(found),
    pending: found.pending_update && { priceId: newPriceOf(found.pending_update, item.id) },
    latestInvoiceId: idOf(found.latest_invoice),
  }
}

function liveItem(item: Stripe.SubscriptionItem, currency: string): LiveItem {
  const { price } = item
  return {
    id: item.id,
    priceId: price.id,
    quantity: item.quantity ?? 1,
    unitAmount: amountIn(price, currency),
    interval: price.recurring?.interval ?? 'month',
    intervalCount: price.recurring?.interval_count ?? 1,
    periodStart: item.current_period_start,
    periodEnd: item.current_period_end,
  }
}

function newPriceOf(update: Stripe.Subscription.PendingUpdate, item: string): string | null {
  return update.subscription_items?.find(({ id }) => id === item)?.price.id ?? null
}

/** The fields are left out where there is nothing to carry. */
function carriedBy(found: Stripe.Subscription): {
  carried: LiveSubscription['carried']
  carriedByPrice: ReadonlyMap<string, Carried>
} {
  const { discounts, default_tax_rates: taxRates, items } = found
  return {
    carried: {
      ...discountsOf(discounts),
      ...(taxRates?.length ? { default_tax_rates: taxRates.map(({ id }) => id) } : {}),
    },
    carriedByPrice: new Map(
      items.data.map(({ price, metadata, ...item }) => [
        price.id,
        {
          ...discountsOf(item.discounts),
          ...(item.tax_rates?.length ? { tax_rates: item.tax_rates.map(({ id }) => id) } : {}),
          ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
        },
      ]),
    ),
  }
}

function discountsOf(discounts: readonly (string | { id: string })[]) {
  const ids = discounts.flatMap((discount) => idOf(discount) ?? [])
  return ids.length > 0 ? { discounts: ids.map((discount) => ({ discount })) } : {}
}

function intervalOf({ recurring }: Stripe.Price): string {
  return `${recurring?.interval_count} ${recurring?.interval}`
}

export function noSubscription(): TollgateError {
  return new TollgateError('NO_SUBSCRIPTION', 'There is no subscription. Choose a plan first.')
}
