import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { invalid } from '../../errors.ts'
import { idOf } from '../../stripe/index.ts'
import type { Target } from '../target.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { QUICK } from './live-subscription.ts'
import { remainingPhases } from './schedule/own-schedule.ts'
import { currentPhase, planIndex } from './schedule/schedule.ts'

/** What an upgrade costs if it is made now. Amounts in the minor unit, instants in Stripe's seconds. */
export interface Quote {
  dueNow: number
  lines: { description: string; amount: number }[]
  /** The instant from which it is prorated, by Stripe's clock: a test clock may have set that. */
  at: number
  /** When the next amount is due. */
  nextAt: number
  /** What is left on the customer's balance then; negative is credit. */
  balance: number
}

/** How long a preview may be confirmed. */
const MAX_AGE_SECONDS = 3_600

/** Asks Stripe what an upgrade would cost now. Throws STRIPE_REJECTED, STRIPE_UNAVAILABLE. */
export async function quoteUpgrade(
  ctx: Context,
  live: LiveSubscription,
  { price }: Target,
): Promise<Quote> {
  const { item } = live
  const invoice = await preview(ctx, live, { price: price.id, proration: 'always_invoice' })
  const lines = invoice.lines.data
  const prorated = lines.filter(
    ({ parent }) =>
      parent?.invoice_item_details?.proration || parent?.subscription_item_details?.proration,
  )
  const now = Math.floor(ctx.clock.now().getTime() / 1_000)
  // What is paid for the new price says until when; a credit for the old one says how long that would have run.
  const paid = lines.filter(({ pricing }) => idOf(pricing?.price_details?.price) === price.id)
  const ends = paid.map(({ period }) => period.end)
  return {
    dueNow: invoice.amount_due,
    lines: lines.map(({ description, amount }) => ({ description: description ?? '', amount })),
    at:
      prorated.length > 0
        ? Math.min(...prorated.map(({ period }) => period.start))
        : Math.min(Math.max(now, item.periodStart), item.periodEnd),
    nextAt: ends.length > 0 ? Math.max(...ends) : item.periodEnd,
    balance: invoice.ending_balance ?? 0,
  }
}

/**
 * What Stripe will ask for a whole period at another price: quantity, discounts, other items and tax are in it, and what
 * waits for the next invoice. `balance` is the customer's by then, where it is not today's. Throws STRIPE_REJECTED,
 * STRIPE_UNAVAILABLE.
 */
export async function quotePeriod(
  ctx: Context,
  live: LiveSubscription,
  { target, balance }: { target: Target; balance?: number },
): Promise<number> {
  const invoice = await preview(ctx, live, { price: target.price.id, proration: 'none' })
  return balance === undefined ? invoice.amount_due : Math.max(0, invoice.total + balance)
}

interface Previewed {
  price: string
  proration: 'always_invoice' | 'none'
}

/** A subscription with a schedule is previewed through it, since Stripe refuses to preview it directly. */
function preview(ctx: Context, live: LiveSubscription, to: Previewed): Promise<Stripe.Invoice> {
  const change = live.schedule === null ? ofSubscription(live, to) : ofSchedule(live, to)
  return ctx.stripe.call((stripe) => stripe.invoices.createPreview(change, QUICK))
}

function ofSubscription(live: LiveSubscription, { price, proration }: Previewed) {
  const { id, item, trialEnd } = live
  return {
    subscription: id,
    subscription_details: {
      items: [{ id: item.id, price, quantity: item.quantity }, ...left(live, proration)],
      proration_behavior: proration,
      ...(trialEnd !== null && proration === 'always_invoice' && { trial_end: 'now' as const }),
    },
  }
}

/**
 * The monthly items of overage on a yearly plan, left out of a preview of its whole period: else the preview would be of
 * the month's invoice, which comes first.
 */
function left({ overageItems, hasMixedIntervals }: LiveSubscription, proration: string) {
  if (!hasMixedIntervals || proration !== 'none') return []
  return overageItems.map(({ id }) => ({ id, deleted: true as const }))
}

function ofSchedule(live: LiveSubscription, { price, proration }: Previewed) {
  const { schedule } = live
  const [phase] = schedule === null ? [] : remainingPhases(schedule)
  if (schedule === null || phase === undefined) return ofSubscription(live, { price, proration })
  const { trial_end: _until, trial: _trial, ...current } = currentPhase(live, phase)
  const index = planIndex(live, phase)
  const isLeft = (priceId: string | undefined) =>
    left(live, proration).length > 0 && live.overageItems.some((each) => each.priceId === priceId)
  const items = current.items
    .map((item, at) => (at === index ? { ...item, price } : item))
    .filter((item) => !isLeft(item.price))
  return {
    schedule: schedule.id,
    schedule_details: {
      phases: [{ ...current, items }],
      proration_behavior: proration,
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
