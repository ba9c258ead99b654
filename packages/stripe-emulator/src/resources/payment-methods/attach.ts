import type { Context } from '../../core/context.ts'
import { invalidRequest, StripeError } from '../../core/errors.ts'
import type { PaymentMethod } from '../../documents.ts'
import { changesBetween } from '../events/changes.ts'
import { createFromTestId, requirePaymentMethod } from './payment-method.ts'
import type { Decline } from './test-cards.ts'
import { testCardByNumber } from './test-cards.ts'

/** The refusal of a card as the API answers it: 402 `card_error` [recorded]. */
export function declineError(decline: Decline, keepsEffects = false): StripeError {
  return new StripeError(
    402,
    {
      type: 'card_error',
      code: decline.code,
      message: decline.message,
      ...(decline.declineCode === null ? {} : { decline_code: decline.declineCode }),
      advice_code: 'try_again_later',
      network_decline_code: '01',
      param: '',
    },
    keepsEffects,
  )
}

/**
 * Attaches a payment method, or a fresh one of a test id, to a customer. Again to the same
 * customer: the same answer. A card that is always declined is refused here already [recorded].
 */
export function attachPaymentMethod(ctx: Context, id: string, customer: string): PaymentMethod {
  const method = createFromTestId(ctx, id) ?? requirePaymentMethod(ctx, id)
  if (method.customer === customer) return method
  if (method.customer !== null) {
    throw invalidRequest(
      'The payment method you provided has already been attached to a customer.',
      { code: 'payment_method_unexpected_state' },
    )
  }
  const card = ctx.store.get('cards', method.id)
  const decline = card === undefined ? null : testCardByNumber(card.number).attachDecline
  if (decline !== null) throw declineError(decline)
  const attached = ctx.patch('payment_methods', method.id, {
    customer,
    ...(method.card === undefined
      ? {}
      : { card: { ...method.card, checks: { ...blankChecks, cvc_check: 'pass' } } }),
  })
  ctx.emit('payment_method.attached', attached)
  return attached
}

const blankChecks = { address_line1_check: null, address_postal_code_check: null }

/** Takes a payment method from its customer, and from everything of his that would charge it. */
export function detachPaymentMethod(ctx: Context, id: string): PaymentMethod {
  const before = requirePaymentMethod(ctx, id)
  const { customer } = before
  if (customer === null) {
    throw invalidRequest(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      { code: 'payment_method_unexpected_state' },
    )
  }
  const detached = ctx.patch('payment_methods', id, { customer: null })
  ctx.emit('payment_method.detached', detached, { customer })
  forgetMethod(ctx, id, customer)
  return detached
}

/** Nothing of a customer charges a payment method any more that he has no longer. */
export function forgetMethod(ctx: Context, id: string, customer: string): void {
  const owner = ctx.store.get('customers', customer)
  const settings = owner?.invoice_settings
  if (
    owner !== undefined &&
    (settings?.default_payment_method === id || owner.default_source === id)
  ) {
    const after = ctx.patch('customers', customer, {
      ...(owner.default_source === id ? { default_source: null } : {}),
      ...(settings?.default_payment_method === id
        ? { invoice_settings: { ...settings, default_payment_method: null } }
        : {}),
    })
    ctx.emit('customer.updated', after, changesBetween(owner, after))
  }
  for (const subscription of ctx.store.find('subscriptions', {
    index: 'customer',
    key: customer,
  })) {
    if (subscription.default_payment_method !== id) continue
    const after = ctx.patch('subscriptions', subscription.id, { default_payment_method: null })
    ctx.emit('customer.subscription.updated', after, { default_payment_method: id })
  }
}
