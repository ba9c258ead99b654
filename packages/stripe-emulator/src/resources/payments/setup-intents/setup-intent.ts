import type { Context } from '../../../core/context.ts'
import type { StripeError } from '../../../core/errors.ts'
import { cardDeclined, invalidRequest, notFound } from '../../../core/errors.ts'
import { longId, token } from '../../../core/ids.ts'
import type { PaymentMethod, SetupIntent } from '../../../documents.ts'
import { settleSetup } from '../../subscriptions/first-period/settle-setup.ts'
import { needsAuthentication, nextAction } from '../confirm.ts'
import { attachPaymentMethod } from '../methods/attach.ts'
import type { Decline } from '../methods/cards/declines.ts'
import { testCardByNumber } from '../methods/cards/test-cards.ts'
import { methodFor } from '../open-intent.ts'

const AUTHENTICATION_FAILED: Decline = {
  code: 'setup_intent_authentication_failure',
  declineCode: null,
  message:
    'The latest attempt to set up the payment method has failed because authentication failed.',
}

/** The values of a new setup intent. */
export interface SetupOrder {
  customer: string | null
  description: string | null
  metadata: Record<string, string>
  paymentMethod: string | null
  usage: 'off_session' | 'on_session'
  automatic?: SetupIntent['automatic_payment_methods'] | undefined
}

/** Fields of a setup intent that keep their defaults in the emulator. */
const DEFAULTS = {
  allowed_payment_method_types: null,
  application: null,
  cancellation_reason: null,
  customer_account: null,
  excluded_payment_method_types: null,
  flow_directions: null,
  last_setup_error: null,
  latest_attempt: null,
  livemode: false,
  managed_payments: null,
  mandate: null,
  next_action: null,
  on_behalf_of: null,
  payment_method_configuration_details: null,
  single_use_mandate: null,
} satisfies Partial<SetupIntent>

/** A setup intent. Throws 404. */
export function requireSetupIntent(ctx: Context, id: string): SetupIntent {
  const intent = ctx.store.get('setup_intents', id)
  if (intent === undefined) throw notFound('setupintent', id, 'intent')
  return intent
}

/** Creates a setup intent that waits for a payment method or for its confirmation. */
export function createSetupIntent(ctx: Context, order: SetupOrder): SetupIntent {
  const id = longId('seti')
  const { paymentMethod, customer } = order
  const method =
    paymentMethod === null
      ? null
      : methodFor(ctx, { id: paymentMethod, customer, kind: 'SetupIntent' })
  const intent = ctx.store.put('setup_intents', {
    ...DEFAULTS,
    id,
    object: 'setup_intent',
    automatic_payment_methods: order.automatic ?? null,
    client_secret: `${id}_secret_${token(24)}`,
    created: ctx.now,
    customer: order.customer,
    description: order.description,
    metadata: order.metadata,
    payment_method: method?.id ?? null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    status: method === null ? 'requires_payment_method' : 'requires_confirmation',
    usage: order.usage,
  })
  ctx.emit('setup_intent.created', intent)
  return intent
}

/**
 * Sets a payment method up for later payments. Returns the intent as `succeeded`, as `requires_action` for 3-D
 * Secure, or as `requires_payment_method` with the reason where it is declined.
 */
export function confirmSetup(
  ctx: Context,
  id: string,
  by: { method: string | null; returnUrl: string | null },
): SetupIntent {
  const before = requireSetupIntent(ctx, id)
  const wanted = by.method ?? before.payment_method
  if (wanted === null || before.status === 'succeeded' || before.status === 'canceled') {
    throw invalidRequest(`You cannot confirm this SetupIntent because it is ${before.status}.`, {
      code: 'setup_intent_unexpected_state',
    })
  }
  const { customer } = before
  const method = methodFor(ctx, { id: wanted, customer, kind: 'SetupIntent' })
  const intent = ctx.patch('setup_intents', id, {
    latest_attempt: longId('setatt'),
    payment_method: method.id,
  })
  if (!needsAuthentication(ctx, method)) return setUp(ctx, intent, method)
  const waiting = ctx.patch('setup_intents', id, {
    next_action: nextAction(ctx, intent, by.returnUrl),
    status: 'requires_action',
  })
  ctx.emit('setup_intent.requires_action', waiting)
  return waiting
}

/** Accepts or declines the card; an accepted one is attached to the customer, if there is one. */
function setUp(ctx: Context, intent: SetupIntent, method: PaymentMethod): SetupIntent {
  const card = ctx.store.get('cards', method.id)
  const decline = card === undefined ? null : testCardByNumber(card.number).attachDecline
  if (decline !== null) return fail(ctx, intent, { method, decline })
  if (intent.customer !== null) attachPaymentMethod(ctx, method.id, intent.customer)
  const after = ctx.patch('setup_intents', intent.id, {
    last_setup_error: null,
    next_action: null,
    status: 'succeeded',
  })
  ctx.emit('setup_intent.succeeded', after)
  settleSetup(ctx, after)
  return after
}

function fail(
  ctx: Context,
  intent: SetupIntent,
  by: { method: PaymentMethod; decline: Decline },
): SetupIntent {
  const { code, declineCode, message } = by.decline
  const failed = ctx.patch('setup_intents', intent.id, {
    last_setup_error: {
      code,
      ...(declineCode === null ? {} : { decline_code: declineCode }),
      doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
      message,
      payment_method: by.method,
      type: declineCode === null ? 'invalid_request_error' : 'card_error',
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  ctx.emit('setup_intent.setup_failed', failed)
  return failed
}

/** Completes the 3-D Secure step of a setup intent. */
export function authenticateSetup(ctx: Context, id: string, passed: boolean): SetupIntent {
  const intent = requireSetupIntent(ctx, id)
  const method = ctx.store.get('payment_methods', intent.payment_method ?? '')
  if (intent.status !== 'requires_action' || method === undefined) return intent
  if (!passed) return fail(ctx, intent, { method, decline: AUTHENTICATION_FAILED })
  ctx.patch('cards', method.id, { authenticated: true })
  return setUp(ctx, intent, method)
}

/** The 402 of a declined setup; the attempt stays on record. Null: it was not declined. */
export function declinedSetup(intent: SetupIntent): StripeError | null {
  const error = intent.last_setup_error
  if (error === null || intent.status !== 'requires_payment_method') return null
  return cardDeclined(error, { setup_intent: intent })
}
