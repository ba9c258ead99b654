import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { idOf } from '../../stripe/index.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { QUICK } from './live-subscription.ts'
import type { RunningChange } from './write/run-change.ts'
import { writeToStripe } from './write/run-change.ts'

/** A change of price that waits for its payment. */
export interface PricePayment {
  subscriptionId: string
  /** Of the subscription. */
  latestInvoiceId: string | null
  /** The price that it is to have; null where what waits is another change. */
  priceId: string | null
}

/** The payment that a change waits for. */
export interface PendingPayment {
  invoiceId: string
  /** `waiting`: for 3-D Secure, or for the bank. `failed`: declined, or there was nothing to pay with. */
  state: 'waiting' | 'failed' | 'paid' | 'closed'
  /** Stripe's page on which it can be authenticated and paid. */
  url: string | null
  /** Why it failed, in words for the payer. */
  reason: string
}

/** The change that waits; null where none does. */
export function pendingPayment(live: LiveSubscription): PricePayment | null {
  const { id: subscriptionId, pending, latestInvoiceId } = live
  return pending && { subscriptionId, latestInvoiceId, priceId: pending.priceId }
}

const DECLINED = 'The payment was declined.'
const EXPAND = ['payments.data.payment.payment_intent']

/**
 * Asks Stripe how the payment of a change stands. Its invoice is one of this subscription, for a change, with the new
 * price in it: mostly the latest one, else an open one. Null where there is no such invoice; another one is none of ours
 * to close. Throws STRIPE_UNAVAILABLE.
 */
export async function readPayment(
  ctx: Context,
  change: PricePayment,
): Promise<PendingPayment | null> {
  const invoice = await findInvoice(ctx, change)
  return invoice && toPayment(invoice)
}

async function findInvoice(ctx: Context, change: PricePayment): Promise<Stripe.Invoice | null> {
  const { latestInvoiceId, subscriptionId } = change
  const retrieve = (id: string) =>
    ctx.stripe.call((stripe) => stripe.invoices.retrieve(id, { expand: EXPAND }, QUICK))
  const latest = latestInvoiceId === null ? null : await retrieve(latestInvoiceId)
  if (latest && isOf(latest, change)) return latest
  const open = await ctx.stripe.call((stripe) =>
    stripe.invoices.list({ subscription: subscriptionId, status: 'open', limit: 100 }, QUICK),
  )
  const found = open.data.find((invoice) => isOf(invoice, change))
  return found ? retrieve(found.id) : null
}

function isOf(invoice: Stripe.Invoice, { subscriptionId, priceId }: PricePayment): boolean {
  return (
    priceId !== null &&
    invoice.billing_reason === 'subscription_update' &&
    idOf(invoice.parent?.subscription_details?.subscription) === subscriptionId &&
    invoice.lines.data.some(({ pricing }) => idOf(pricing?.price_details?.price) === priceId)
  )
}

function toPayment(invoice: Stripe.Invoice): PendingPayment {
  const { id: invoiceId } = invoice
  const url = invoice.hosted_invoice_url ?? null
  if (invoice.status === 'paid') return { invoiceId, state: 'paid', url, reason: '' }
  if (invoice.status !== 'open') return { invoiceId, state: 'closed', url, reason: DECLINED }
  const intents = (invoice.payments?.data ?? []).flatMap(
    ({ payment: { payment_intent: intent } }) =>
      typeof intent === 'object' && intent.status !== 'canceled' ? [intent] : [],
  )
  const waits = intents.some(
    ({ status }) => status === 'requires_action' || status === 'processing',
  )
  const reason = intents[0]?.last_payment_error?.message ?? DECLINED
  return { invoiceId, state: waits ? 'waiting' : 'failed', url, reason }
}

/**
 * Discards a change that waits for its payment: its invoice is voided, so that nothing is owed and nobody pays it later
 * by accident. One that was paid or closed meanwhile stays as it is. A repeat changes nothing.
 */
export async function discardPending(
  ctx: Context,
  change: RunningChange,
  { subscriptionId, payment }: { subscriptionId: string; payment: PendingPayment | null },
): Promise<void> {
  if (payment === null || (payment.state !== 'waiting' && payment.state !== 'failed')) return
  const { invoiceId } = payment
  try {
    await writeToStripe(ctx, change, {
      step: 'void invoice',
      subscriptionId,
      call: (stripe, once) => stripe.invoices.voidInvoice(invoiceId, {}, once),
    })
  } catch (error) {
    if (!(error instanceof TollgateError && error.code === 'STRIPE_REJECTED')) throw error
    ctx.log.info({ err: error, invoiceId }, 'an invoice was closed already')
  }
}
