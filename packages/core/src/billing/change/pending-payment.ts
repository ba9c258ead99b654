import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { QUICK } from './live-subscription.ts'

/** The payment that a change waits for. */
export interface PendingPayment {
  /**
   * `waiting`: for 3-D Secure, or for the bank. `failed`: declined, or there was nothing to pay with. `paid`.
   * `closed`: void, or not the invoice of a change.
   */
  state: 'waiting' | 'failed' | 'paid' | 'closed'
  /** Stripe's page on which it can be authenticated and paid. */
  url: string | null
  /** Why it failed, in words for the payer. */
  reason: string
}

const DECLINED = 'The payment was declined.'

/** Asks Stripe how the payment of an invoice stands. Throws STRIPE_UNAVAILABLE. */
export async function readPayment(ctx: Context, invoiceId: string): Promise<PendingPayment> {
  const expand = ['payments.data.payment.payment_intent']
  const invoice = await ctx.stripe.call((stripe) =>
    stripe.invoices.retrieve(invoiceId, { expand }, QUICK),
  )
  const url = invoice.hosted_invoice_url ?? null
  if (invoice.status === 'paid') return { state: 'paid', url, reason: '' }
  if (invoice.status !== 'open' || invoice.billing_reason !== 'subscription_update') {
    return { state: 'closed', url, reason: DECLINED }
  }
  const intents = (invoice.payments?.data ?? []).flatMap(
    ({ payment: { payment_intent: intent } }) =>
      typeof intent === 'object' && intent.status !== 'canceled' ? [intent] : [],
  )
  const waits = intents.some(
    ({ status }) => status === 'requires_action' || status === 'processing',
  )
  const reason = intents[0]?.last_payment_error?.message ?? DECLINED
  return { state: waits ? 'waiting' : 'failed', url, reason }
}

/**
 * Discards the change that waits for this invoice: the invoice is voided, so that nothing is owed and nobody pays it
 * later by accident. One that was paid or closed meanwhile stays as it is. A repeat changes nothing.
 */
export async function discardPending(ctx: Context, invoiceId: string): Promise<void> {
  try {
    // Without an idempotency key: it can happen only once, and Stripe would keep the answer to a key for a day.
    await ctx.stripe.call((stripe) => stripe.invoices.voidInvoice(invoiceId, {}, QUICK))
  } catch (error) {
    if (!(error instanceof TollgateError && error.code === 'STRIPE_REJECTED')) throw error
    ctx.log.info({ err: error, invoiceId }, 'an invoice was closed already')
  }
}
