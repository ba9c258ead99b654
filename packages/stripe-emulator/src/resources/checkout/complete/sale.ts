import type { Context } from '../../../core/context.ts'
import type {
  CheckoutInput,
  CheckoutSession,
  Customer,
  Invoice,
  PaymentIntent,
  PaymentMethod,
} from '../../../documents.ts'
import { finalizePaidInvoice } from '../../invoices/finalize.ts'
import { confirmPayment, finishAuthentication } from '../../payments/confirm.ts'
import { attachPaymentMethod } from '../../payments/methods/attach.ts'
import { createPaymentIntent } from '../../payments/payment-intent.ts'
import { declinedPayment } from '../../payments/payment-outcome.ts'
import {
  authenticateSetup,
  confirmSetup,
  declinedSetup,
} from '../../payments/setup-intents/setup-intent.ts'
import { paymentError } from '../../subscriptions/change/bill-change.ts'
import { draftInvoice, startSubscription } from '../order/bill.ts'
import { breakdownOf } from '../order/breakdown.ts'
import { redeemForPayment } from '../order/session-discounts.ts'
import { requireOrder } from '../session.ts'

/** The customer and the payment method of a session, and whether 3-D Secure was passed. */
export interface Sale {
  customer: Customer | null
  /** null: nothing is due, and no card was asked for. */
  method: PaymentMethod | null
  authenticated: boolean
  input: CheckoutInput
}

/** Subscribes the customer. Throws 402 where the card is declined, without an effect. */
export function subscribe(
  ctx: Context,
  session: CheckoutSession,
  { customer, method, authenticated }: Sale,
): Partial<CheckoutSession> {
  if (customer === null) throw new Error(`${session.id} has no customer to subscribe`)
  const order = requireOrder(ctx, session.id)
  if (method !== null) attachPaymentMethod(ctx, method.id, customer.id)
  const { subscription, invoice, collected, bill } = startSubscription(ctx, order, {
    customer,
    session,
    paymentBehavior: 'allow_incomplete',
    payWith: method?.id ?? null,
    authenticated,
  })
  if (collected !== null && collected.outcome !== 'paid') throw paymentError(collected)
  ctx.patch('checkout_orders', session.id, {
    breakdown: breakdownOf(ctx, [...bill.linesOf.values()].flat()),
  })
  return {
    invoice: invoice?.id ?? null,
    payment_status: session.amount_total === 0 ? 'no_payment_required' : 'paid',
    subscription: subscription.id,
  }
}

/**
 * Makes the one-time payment, or authorizes it, and writes its invoice where the session asks for one. Throws 402
 * where the card is declined, without an effect.
 */
export function takePayment(
  ctx: Context,
  session: CheckoutSession,
  sale: Sale,
): Partial<CheckoutSession> {
  const { customer, method } = sale
  const discounts = redeemForPayment(ctx, session, {
    customer,
    subtotal: session.amount_subtotal ?? 0,
  })
  showRedeemed(ctx, session.id, discounts)
  if (customer !== null && method !== null && sale.input.saveCard) {
    attachPaymentMethod(ctx, method.id, customer.id)
  }
  const intent = method === null ? null : pay(ctx, session, { ...sale, method })
  const paid =
    intent === null ? 'no_payment_required' : intent.status === 'succeeded' ? 'paid' : 'unpaid'
  return {
    ...(customer !== null && session.invoice_creation?.enabled
      ? { invoice: writeInvoice(ctx, session, { customer, intent, discounts }).id }
      : {}),
    payment_intent: intent?.id ?? null,
    payment_status: paid,
  }
}

/** The totals name the discounts that were redeemed now, instead of those of the preview. */
function showRedeemed(ctx: Context, id: string, discounts: readonly string[]): void {
  const { breakdown } = requireOrder(ctx, id)
  if (breakdown === undefined) return
  const redeemed = breakdown.discounts.map((one, index) => ({
    ...one,
    discount: ctx.store.get('discounts', discounts[index] ?? '') ?? one.discount,
  }))
  ctx.patch('checkout_orders', id, { breakdown: { ...breakdown, discounts: redeemed } })
}

function pay(
  ctx: Context,
  session: CheckoutSession,
  { customer, method, authenticated, input }: Sale & { method: PaymentMethod },
): PaymentIntent {
  const { payment } = requireOrder(ctx, session.id)
  const { shipping } = input
  const opened = createPaymentIntent(ctx, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: customer?.id ?? null,
    description: payment?.description ?? null,
    invoice: null,
    setupFutureUsage: payment?.setupFutureUsage ?? null,
    metadata: payment?.metadata ?? {},
    fields: {
      ...payment?.fields,
      ...(shipping === null
        ? {}
        : { shipping: { ...shipping, carrier: null, phone: null, tracking_number: null } }),
    },
  })
  const tried = confirmPayment(ctx, opened, { method: method.id })
  const isAuthenticated = tried.status === 'requires_action' && authenticated
  const intent = isAuthenticated ? finishAuthentication(ctx, tried, true) : tried
  const refusal = declinedPayment(intent)
  if (refusal !== null) throw refusal
  return intent
}

/** The paid invoice of a payment. The payment was made before it, so that it opens none of its own. */
function writeInvoice(
  ctx: Context,
  session: CheckoutSession,
  of: { customer: Customer; intent: PaymentIntent | null; discounts: string[] },
): Invoice {
  const order = requireOrder(ctx, session.id)
  const { customer, intent, discounts } = of
  const { invoice } = draftInvoice(ctx, { session, order, customer, discounts })
  return finalizePaidInvoice(ctx, invoice, intent)
}

/** Sets the card up for later payments. Throws 402 where it is declined, without an effect. */
export function setUpCard(
  ctx: Context,
  session: CheckoutSession,
  { customer, method, authenticated }: Sale,
): Partial<CheckoutSession> {
  if (method === null) throw new Error(`${session.id} has no card to set up`)
  const id = session.setup_intent ?? ''
  ctx.patch('setup_intents', id, { customer: customer?.id ?? null })
  const tried = confirmSetup(ctx, id, { method: method.id, returnUrl: null })
  const isAuthenticated = tried.status === 'requires_action' && authenticated
  const refusal = declinedSetup(isAuthenticated ? authenticateSetup(ctx, id, true) : tried)
  if (refusal !== null) throw refusal
  return {}
}
