import type { Context } from '../../core/context.ts'
import { longId } from '../../core/ids.ts'
import type { Card, PaymentIntent, PaymentMethod } from '../../documents.ts'
import { createCharge } from './charges/charge.ts'
import { openDisputes } from './disputes/open-dispute.ts'
import { attachPaymentMethod } from './methods/attach.ts'
import type { Decline } from './methods/cards/declines.ts'
import { testCardByNumber } from './methods/cards/test-cards.ts'
import { requirePaymentMethod, requireUsable } from './methods/payment-method.ts'

const AUTHENTICATION_FAILED: Decline = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}

/**
 * Whether a payment method requires 3-D Secure before it can be charged. A card that was set up requires it for
 * on-session payments all the same (docs.stripe.com/testing).
 */
export function needsAuthentication(
  ctx: Context,
  method: PaymentMethod,
  onSession = false,
): boolean {
  const card = cardOf(ctx, method)
  const { authentication } = testCardByNumber(card.number)
  if (authentication === 'unless_set_up') return onSession || !card.authenticated
  return authentication === 'always'
}

function cardOf(ctx: Context, method: PaymentMethod): Card {
  const card = ctx.store.get('cards', method.id)
  if (card === undefined) throw new Error(`${method.id} has no card`)
  return card
}

/** The URL of the hosted 3-D Secure step of a payment or setup intent. */
export function authenticationUrl(
  ctx: Context,
  intent: { id: string; client_secret: string | null },
): string {
  return `${ctx.settings.baseUrl}/3ds/${intent.id}?client_secret=${intent.client_secret ?? ''}`
}

/** The `next_action` of an intent that waits for 3-D Secure; with a return URL it is a redirect. */
export function nextAction(
  ctx: Context,
  intent: { id: string; client_secret: string | null },
  returnUrl: string | null,
):
  | { type: 'redirect_to_url'; redirect_to_url: { return_url: string; url: string } }
  | { type: 'use_stripe_sdk'; use_stripe_sdk: Record<string, string> } {
  const url = authenticationUrl(ctx, intent)
  if (returnUrl !== null) {
    return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
  }
  const sdk = { type: 'three_d_secure_redirect', stripe_js: url, source: longId('src') }
  return { type: 'use_stripe_sdk', use_stripe_sdk: sdk }
}

/** The options of a confirmation. */
export interface Confirmation {
  /** The URL that the browser goes to after the 3-D Secure step. */
  returnUrl?: string | undefined
  /** Decline a card that requires 3-D Secure: the payment is off-session, or the caller wants no such step. */
  refuseAuthentication?: boolean | undefined
  /** The customer is present, as far as the caller says so. */
  onSession?: boolean | undefined
}

/**
 * Charges (or authorizes) a payment method. Returns the intent as `succeeded` or `requires_capture`, as
 * `requires_payment_method` with the reason where it is declined, or as `requires_action` for 3-D Secure.
 */
export function confirmPayment(
  ctx: Context,
  intent: PaymentIntent,
  by: Confirmation & { method: string },
): PaymentIntent {
  const method = requirePaymentMethod(ctx, by.method, 'payment_method')
  requireUsable(ctx, method)
  const passed = cardOf(ctx, method).authenticatedFor === intent.id
  if (!passed && needsAuthentication(ctx, method, by.onSession)) {
    if (by.refuseAuthentication !== true) {
      return requireAction(ctx, intent, { method, returnUrl: by.returnUrl ?? null })
    }
    return fail(ctx, intent, { method, decline: AUTHENTICATION_REQUIRED, charged: true })
  }
  const { chargeDecline } = testCardByNumber(cardOf(ctx, method).number)
  if (chargeDecline === null) return succeed(ctx, intent, method)
  return fail(ctx, intent, { method, decline: chargeDecline, charged: true })
}

function requireAction(
  ctx: Context,
  intent: PaymentIntent,
  step: { method: PaymentMethod; returnUrl: string | null },
): PaymentIntent {
  const { method, returnUrl } = step
  const after = ctx.patch('payment_intents', intent.id, {
    next_action: nextAction(ctx, intent, returnUrl),
    payment_method: method.id,
    status: 'requires_action',
  })
  ctx.emit('payment_intent.requires_action', after)
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
      payment_method_type: 'card',
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

function succeed(ctx: Context, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  const { amount, customer } = intent
  const attaches = intent.setup_future_usage !== null && customer !== null
  if (attaches) attachPaymentMethod(ctx, method.id, customer)
  else if (method.customer === null) ctx.patch('cards', method.id, { spent: true })
  const charge = createCharge(ctx, intent, { method, decline: null })
  const isAuthorized = intent.capture_method === 'manual'
  if (!isAuthorized) openDisputes(ctx, charge)
  const after = ctx.patch('payment_intents', intent.id, {
    ...(isAuthorized
      ? { amount_capturable: amount, status: 'requires_capture' }
      : { amount_received: amount, status: 'succeeded' }),
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
  })
  ctx.emit(
    isAuthorized ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded',
    after,
  )
  return after
}

/** Completes the 3-D Secure step of a payment: charges the card, or fails with the reason. */
export function finishAuthentication(
  ctx: Context,
  intent: PaymentIntent,
  passed: boolean,
): PaymentIntent {
  const method = requirePaymentMethod(ctx, intent.payment_method ?? '', 'payment_method')
  if (!passed) return fail(ctx, intent, { method, decline: AUTHENTICATION_FAILED, charged: false })
  const card = cardOf(ctx, method)
  if (intent.setup_future_usage !== null) ctx.patch('cards', card.id, { authenticated: true })
  if (intent.confirmation_method === 'manual') {
    const status = 'requires_confirmation'
    ctx.patch('cards', card.id, { authenticatedFor: intent.id })
    return ctx.patch('payment_intents', intent.id, { next_action: null, status })
  }
  const { chargeDecline } = testCardByNumber(card.number)
  if (chargeDecline === null) return succeed(ctx, intent, method)
  return fail(ctx, intent, { method, decline: chargeDecline, charged: true })
}
