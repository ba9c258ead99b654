import type { Context } from '../../context.ts'
import { invalid } from '../../errors.ts'
import type { Target } from '../target.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { QUICK } from './live-subscription.ts'

/** What an upgrade costs if it is made now. Amounts in the minor unit, instants in Stripe's seconds. */
export interface Quote {
  dueNow: number
  lines: { description: string; amount: number }[]
  /** The instant from which it is prorated, by Stripe's clock: a test clock may have set that. */
  at: number
  /** When the next amount is due. */
  nextAt: number
}

/** How long a preview may be confirmed. */
const MAX_AGE_SECONDS = 3_600

/**
 * Asks Stripe what an upgrade would cost now. A subscription with a schedule is previewed through the schedule, since
 * Stripe refuses to preview it directly. Throws STRIPE_REJECTED, STRIPE_UNAVAILABLE.
 */
export async function quoteUpgrade(
  ctx: Context,
  subscription: LiveSubscription,
  { price }: Target,
): Promise<Quote> {
  const { item } = subscription
  const change =
    subscription.scheduleId === null
      ? ofSubscription(subscription, price.id)
      : ofSchedule(subscription, subscription.scheduleId, price.id)
  const invoice = await ctx.stripe.call((stripe) => stripe.invoices.createPreview(change, QUICK))
  const lines = invoice.lines.data
  const prorated = lines.filter(
    ({ parent }) =>
      parent?.invoice_item_details?.proration || parent?.subscription_item_details?.proration,
  )
  const now = Math.floor(ctx.clock.now().getTime() / 1_000)
  return {
    dueNow: invoice.amount_due,
    lines: lines.map(({ description, amount }) => ({ description: description ?? '', amount })),
    at:
      prorated.length > 0
        ? Math.min(...prorated.map(({ period }) => period.start))
        : Math.min(Math.max(now, item.periodStart), item.periodEnd),
    nextAt: Math.max(item.periodEnd, ...lines.map(({ period }) => period.end)),
  }
}

function ofSubscription({ id, item, trialEnd }: LiveSubscription, price: string) {
  return {
    subscription: id,
    subscription_details: {
      items: [{ id: item.id, price }],
      proration_behavior: 'always_invoice' as const,
      ...(trialEnd !== null && { trial_end: 'now' as const }),
    },
  }
}

function ofSchedule(
  { item, items, phaseStart }: LiveSubscription,
  schedule: string,
  price: string,
) {
  const changed = items.map(({ id, price: before, quantity }) => ({
    price: id === item.id ? price : before,
    quantity,
  }))
  return {
    schedule,
    schedule_details: {
      phases: [{ items: changed, start_date: phaseStart, end_date: item.periodEnd }],
      proration_behavior: 'always_invoice' as const,
    },
  }
}

/**
 * The instant of a preview, in Stripe's seconds. Throws VALIDATION unless it is in the current period, within the last
 * hour and not in the future: a caller who could choose the date could choose the price.
 */
export function confirmedAt(
  prorationDate: string,
  { item }: LiveSubscription,
  { at }: Quote,
): number {
  const seconds = Math.floor(Date.parse(prorationDate) / 1_000)
  const earliest = Math.max(item.periodStart, at - MAX_AGE_SECONDS)
  if (seconds >= earliest && seconds <= at) return seconds
  throw invalid('prorationDate', 'is not of a preview of the last hour; ask for a new one')
}

/** Whether the last invoice of a subscription is for a change at this instant: then that change was made. */
export async function wasProratedAt(
  ctx: Context,
  { latestInvoiceId }: LiveSubscription,
  prorationDate: string | undefined,
): Promise<boolean> {
  if (prorationDate === undefined || latestInvoiceId === null) return false
  const invoice = await ctx.stripe.call((stripe) =>
    stripe.invoices.retrieve(latestInvoiceId, {}, QUICK),
  )
  const seconds = Math.floor(Date.parse(prorationDate) / 1_000)
  return (
    invoice.billing_reason === 'subscription_update' &&
    invoice.lines.data.some(({ period }) => period.start === seconds)
  )
}
