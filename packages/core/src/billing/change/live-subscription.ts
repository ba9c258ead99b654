import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { idOf } from '../../stripe/index.ts'
import { hasEnded, planOrNull, readCurrent } from '../../subscriptions/index.ts'

/** The item of a subscription whose price maps to its plan. Instants are Stripe's seconds. */
export interface LiveItem {
  id: string
  priceId: string
  quantity: number
  /** In the minor unit, of one. */
  unitAmount: number
  interval: string
  intervalCount: number
  periodStart: number
  periodEnd: number
}

/** The subscription that counts, as Stripe has it at this moment. A change is decided on it. */
export interface LiveSubscription {
  id: string
  customerId: string
  status: string
  currency: string
  /** As of the last sync. */
  plan: string | null
  item: LiveItem
  /** Every item, since a schedule has to name them all. */
  items: readonly { id: string; price: string; quantity: number }[]
  cancelAt: number | null
  cancelsAtPeriodEnd: boolean
  trialEnd: number | null
  scheduleId: string | null
  /** When the current phase of its schedule began; its period's start where it has no schedule. */
  phaseStart: number
  /** A change that waits for its payment. */
  pending: { priceId: string | null; invoiceId: string | null } | null
  latestInvoiceId: string | null
}

/** A person waits for these calls. */
export const QUICK = { timeout: 10_000, maxNetworkRetries: 2 } as const

/** Throws USER_NOT_FOUND, NO_SUBSCRIPTION when there is none or it has ended, STRIPE_UNAVAILABLE. */
export async function readLive(ctx: Context, userId: string): Promise<LiveSubscription> {
  const row = await readCurrent(ctx.db.pool, userId)
  if (!row) throw noSubscription()
  const found = await ctx.stripe.call((stripe) =>
    stripe.subscriptions.retrieve(row.id, { expand: ['schedule'] }, QUICK),
  )
  const items = found.items.data
  const item = items.find(({ price }) => price.id === row.priceId) ?? items[0]
  if (!item || hasEnded(found.status)) throw noSubscription()
  const { pending_update: waiting, schedule } = found
  const phase = typeof schedule === 'object' ? schedule?.current_phase : null
  return {
    id: found.id,
    customerId: row.customerId,
    status: found.status,
    currency: found.currency,
    plan: item.price.id === row.priceId ? planOrNull(ctx.catalog, row.plan) : null,
    item: {
      id: item.id,
      priceId: item.price.id,
      quantity: item.quantity ?? 1,
      unitAmount: item.price.unit_amount ?? 0,
      interval: item.price.recurring?.interval ?? 'month',
      intervalCount: item.price.recurring?.interval_count ?? 1,
      periodStart: item.current_period_start,
      periodEnd: item.current_period_end,
    },
    items: items.map(({ id, price, quantity }) => ({
      id,
      price: price.id,
      quantity: quantity ?? 1,
    })),
    cancelAt: found.cancel_at,
    cancelsAtPeriodEnd: found.cancel_at_period_end,
    trialEnd: found.status === 'trialing' ? found.trial_end : null,
    scheduleId: idOf(schedule),
    phaseStart: phase?.start_date ?? item.current_period_start,
    pending: waiting && {
      priceId: waiting.subscription_items?.find(({ id }) => id === item.id)?.price.id ?? null,
      invoiceId: idOf(found.latest_invoice),
    },
    latestInvoiceId: idOf(found.latest_invoice),
  }
}

export function noSubscription(): TollgateError {
  return new TollgateError('NO_SUBSCRIPTION', 'There is no subscription. Choose a plan first.')
}
