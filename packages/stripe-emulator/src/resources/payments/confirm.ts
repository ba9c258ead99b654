import type { Context } from '../../core/context.ts'
import { longId } from '../../core/ids.ts'
import type { Card, PaymentIntent, PaymentMethod } from '../../documents.ts'
import { requirePaymentMethod } from '../payment-methods/payment-method.ts'
import { type Decline, testCardByNumber } from '../payment-methods/test-cards.ts'
import { createCharge } from './charge.ts'

const AUTHENTICATION_FAILED: Decline = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

function cardOf(ctx: Context, method: PaymentMethod): Card {
  const card = ctx.store.get('cards', method.id)
  if (card === undefined) throw new Error(`${method.id} has no card`)
  return card
}

/** Tells whether the holder must authenticate before this payment method can be charged. */
export function needsAuthentication(ctx: Context, method: PaymentMethod): boolean {
  const card = cardOf(ctx, method)
  const { authentication } = testCardByNumber(card.number)
  return authentication === 'always' || (authentication === 'unless_set_up' && !card.authenticated)
}

/** Where the hosted 3-D Secure step of a payment or setup intent is. */
export function authenticationUrl(
  ctx: Context,
  intent: { id: string; client_secret: string | null },
): string {
  return `${ctx.settings.baseUrl}/3ds/${intent.id}?client_secret=${intent.client_secret ?? ''}`
}

function succeed(ctx: Context, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  const charge = createCharge(ctx, intent, { method, decline: null })
  const after = ctx.patch('payment_intents', intent.id, {
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  })
  ctx.emit('payment_intent.succeeded', after)
  return after
}

function fail(
  ctx: Context,
  intent: PaymentIntent,
  attempt: { method: PaymentMethod; decline: Decline; charged: boolean },
): PaymentIntent {
  const { method, decline } = attempt
  const charge = attempt.charged ? createCharge(ctx, intent, { method, decline }).id : null
  const after = ctx.patch('payment_intents', intent.id, {
    last_payment_error: {
      ...(charge === null
        ? {}
        : { charge, advice_code: 'try_again_later', network_decline_code: '01' }),
      code: decline.code,
      ...(decline.declineCode === null ? {} : { decline_code: decline.declineCode }),
      doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
      message: decline.message,
      payment_method: method,
      type: 'card_error',
    },
    latest_charge: charge ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  ctx.emit('payment_intent.payment_failed', after)
  return after
}

function requireAction(ctx: Context, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  const after = ctx.patch('payment_intents', intent.id, {
    next_action: {
      type: 'use_stripe_sdk',
      use_stripe_sdk: {
        type: 'three_d_secure_redirect',
        stripe_js: authenticationUrl(ctx, intent),
        source: longId('src'),
      },
    },
    payment_method: method.id,
    status: 'requires_action',
  })
  ctx.emit('payment_intent.requires_action', after)
  return after
}

/**
 * Tries to take the money from a payment method. The intent comes back `succeeded`, declined
 * (`requires_payment_method` with the reason), or `requires_action` for 3-D Secure.
 */
export function confirmPayment(
  ctx: Context,
  intent: PaymentIntent,
  methodId: string,
): PaymentIntent {
  const method = requirePaymentMethod(ctx, methodId, 'payment_method')
  if (needsAuthentication(ctx, method)) return requireAction(ctx, intent, method)
  const { chargeDecline } = testCardByNumber(cardOf(ctx, method).number)
  if (chargeDecline === null) return succeed(ctx, intent, method)
  return fail(ctx, intent, { method, decline: chargeDecline, charged: true })
}

/** Ends the 3-D Secure step of a payment: charges the card, or fails with its reason. */
export function finishAuthentication(
  ctx: Context,
  intent: PaymentIntent,
  passed: boolean,
): PaymentIntent {
  const method = requirePaymentMethod(ctx, intent.payment_method ?? '', 'payment_method')
  if (!passed) return fail(ctx, intent, { method, decline: AUTHENTICATION_FAILED, charged: false })
  const card = cardOf(ctx, method)
  if (intent.setup_future_usage !== null) ctx.patch('cards', card.id, { authenticated: true })
  const { chargeDecline } = testCardByNumber(card.number)
  if (chargeDecline === null) return succeed(ctx, intent, method)
  return fail(ctx, intent, { method, decline: chargeDecline, charged: true })
}

/** Gives up a payment intent that is not paid. */
export function cancelPaymentIntent(
  ctx: Context,
  intent: PaymentIntent,
  reason: 'void_invoice' | 'requested_by_customer' | null,
): PaymentIntent {
  const after = ctx.patch('payment_intents', intent.id, {
    canceled_at: ctx.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  })
  ctx.emit('payment_intent.canceled', after)
  return after
}
