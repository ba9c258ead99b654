import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { stepsAround } from '../../quota/index.ts'
import { idOf } from '../../stripe/index.ts'
import { hasEnded } from '../../subscriptions/index.ts'
import type { DueSale, SaleTerms } from './delivery-store.ts'

/** Whether what is sent now can still be on the invoice of its billing period. */
export interface PeriodState {
  isOpen: boolean
  /** The invoice that bills the period, where Stripe has made it. */
  invoiceId: string | null
}

/** Stripe makes a period's invoice at its end, and leaves it a draft for an hour (docs/stripe.md, fact 11). */
const INVOICED_AFTER_MS = 2 * 3_600_000

/**
 * Asks Stripe, once a period is over, whether its invoice is still a draft. A period that runs is open, and Stripe is not
 * asked. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED.
 */
export async function periodState(
  ctx: Context,
  sale: DueSale,
  terms: SaleTerms,
): Promise<PeriodState> {
  const { anchor, status, priceId } = terms
  const periodEnd = stepsAround(anchor ?? sale.periodStart, sale.periodStart).end
  const isOver = ctx.clock.now() >= periodEnd
  const ended = hasEnded(status)
  if (!isOver && !ended) return { isOpen: true, invoiceId: null }
  const { data } = await ctx.stripe.call((stripe) =>
    stripe.invoices.list({ subscription: sale.subscriptionId, limit: 20 }),
  )
  const found = data.filter((invoice) => bills(invoice, { sale, periodEnd, priceId }))
  const draft = found.find((invoice) => invoice.status === 'draft')
  const invoiceId = draft?.id ?? found[0]?.id ?? null
  if (invoiceId !== null) return { isOpen: draft !== undefined, invoiceId }
  const waitsForInvoice = ctx.clock.now().getTime() - periodEnd.getTime() < INVOICED_AFTER_MS
  return { isOpen: !ended && waitsForInvoice, invoiceId: null }
}

/** Whether an invoice has a line for what was used in the period at the metered price, or what of it a change billed. */
function bills(
  { lines }: Stripe.Invoice,
  { sale, periodEnd, priceId }: { sale: DueSale; periodEnd: Date; priceId: string | null },
): boolean {
  const [start, end] = [sale.periodStart.getTime() / 1_000, periodEnd.getTime() / 1_000]
  return lines.data.some(
    ({ period, pricing }) =>
      period.start >= start &&
      period.start < end &&
      period.end <= end &&
      (priceId === null
        ? pricing?.unit_amount_decimal !== null
        : idOf(pricing?.price_details?.price) === priceId),
  )
}
