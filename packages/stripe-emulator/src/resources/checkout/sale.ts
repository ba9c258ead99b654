import type { Context } from '../../core/context.ts'
import type { CheckoutOrder, CheckoutSession, Customer, PaymentMethod } from '../../documents.ts'
import { requirePrice } from '../catalog/price.ts'
import { confirmPayment, finishAuthentication } from '../payments/confirm.ts'
import { attachPaymentMethod } from '../payments/methods/attach.ts'
import { createPaymentIntent } from '../payments/payment-intent.ts'
import { declinedPayment } from '../payments/payment-outcome.ts'
import {
  authenticateSetup,
  confirmSetup,
  declinedSetup,
} from '../payments/setup-intents/setup-intent.ts'
import { paymentError } from '../subscriptions/change/bill-change.ts'
import { createSubscription } from '../subscriptions/create.ts'
import { requireOrder } from './session.ts'

const DAY = 86_400

/** The customer and the payment method of a session, and whether 3-D Secure was passed. */
export interface Sale {
  customer: Customer | null
  method: PaymentMethod
  authenticated: boolean
}

/** Subscribes the customer. Throws 402 where the card is declined, without an effect. */
export function subscribe(
  ctx: Context,
  session: CheckoutSession,
  { customer, method, authenticated }: Sale,
): Partial<CheckoutSession> {
  if (customer === null) throw new Error(`${session.id} has no customer to subscribe`)
  const order = requireOrder(ctx, session.id)
  attachPaymentMethod(ctx, method.id, customer.id)
  const { subscription, invoice, collected } = createSubscription(ctx, {
    customer,
    items: order.items.map((item) => ({
      price: requirePrice(ctx, item.price),
      quantity: item.quantity,
      metadata: {},
    })),
    trialEnd: trialEnd(ctx, customer, order),
    anchor: null,
    prorate: true,
    paymentBehavior: 'allow_incomplete',
    cancelAt: null,
    fields: {
      metadata: order.subscriptionMetadata,
      description: order.subscriptionDescription,
      trial_settings: {
        end_behavior: {
          billing_cycle_anchor: null,
          missing_payment_method: order.missingPaymentMethod,
        },
      },
    },
    announce: 'before_payment',
    payWith: method.id,
    authenticated,
  })
  if (collected !== null && collected.outcome !== 'paid') throw paymentError(collected)
  const isTrial = order.trialEnd !== null || order.trialPeriodDays !== null
  return {
    invoice: invoice?.id ?? null,
    payment_status: isTrial ? 'no_payment_required' : 'paid',
    subscription: subscription.id,
  }
}

function trialEnd(ctx: Context, customer: Customer, order: CheckoutOrder): number | null {
  if (order.trialEnd !== null) return order.trialEnd
  if (order.trialPeriodDays === null) return null
  return ctx.timeOf(customer.test_clock) + order.trialPeriodDays * DAY
}

/** Makes the one-time payment, or authorizes it. Throws 402 where the card is declined, without an effect. */
export function takePayment(
  ctx: Context,
  session: CheckoutSession,
  { customer, method, authenticated }: Sale,
): Partial<CheckoutSession> {
  const { payment } = requireOrder(ctx, session.id)
  const opened = createPaymentIntent(ctx, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: customer?.id ?? null,
    description: payment?.description ?? null,
    invoice: null,
    setupFutureUsage: payment?.setupFutureUsage ?? null,
    metadata: payment?.metadata ?? {},
    fields: payment?.fields ?? {},
  })
  const tried = confirmPayment(ctx, opened, { method: method.id })
  const isAuthenticated = tried.status === 'requires_action' && authenticated
  const intent = isAuthenticated ? finishAuthentication(ctx, tried, true) : tried
  const refusal = declinedPayment(intent)
  if (refusal !== null) throw refusal
  return {
    payment_intent: intent.id,
    payment_status: intent.status === 'succeeded' ? 'paid' : 'unpaid',
  }
}

/** Sets the card up for later payments. Throws 402 where it is declined, without an effect. */
export function setUpCard(
  ctx: Context,
  session: CheckoutSession,
  { customer, method, authenticated }: Sale,
): Partial<CheckoutSession> {
  const id = session.setup_intent ?? ''
  ctx.patch('setup_intents', id, { customer: customer?.id ?? null })
  const tried = confirmSetup(ctx, id, { method: method.id, returnUrl: null })
  const isAuthenticated = tried.status === 'requires_action' && authenticated
  const refusal = declinedSetup(isAuthenticated ? authenticateSetup(ctx, id, true) : tried)
  if (refusal !== null) throw refusal
  return {}
}
