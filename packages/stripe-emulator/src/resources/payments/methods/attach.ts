import type { Context } from '../../../core/context.ts'
import { invalidRequest, StripeError } from '../../../core/errors.ts'
import type { PaymentMethod } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import type { Decline } from './cards/declines.ts'
import { testCardByNumber } from './cards/test-cards.ts'
import { checksOf, createFromTestId, requirePaymentMethod } from './payment-method.ts'

/** The error for a declined card: 402 `card_error` (docs/stripe.md, fact 3). */
export function cardDeclineError(decline: Decline, keepsEffects = false): StripeError {
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
 * Attaches a payment method, or a new one of a test id, to a customer. A repeat for the same customer changes
 * nothing. Throws 402 for a card that is always declined, as Stripe does at this point.
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
  if (card?.spent === true) {
    throw invalidRequest(
      'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
    )
  }
  const decline = card === undefined ? null : testCardByNumber(card.number).attachDecline
  if (decline !== null) throw cardDeclineError(decline)
  const attached = ctx.patch('payment_methods', method.id, {
    customer,
    ...(method.card === undefined
      ? {}
      : { card: { ...method.card, checks: checksOf(ctx, method) } }),
  })
  ctx.emit('payment_method.attached', attached)
  return attached
}

/** Detaches a payment method from its customer, and removes it as a default. Throws 400 where it is not attached. */
export function detachPaymentMethod(ctx: Context, id: string): PaymentMethod {
  const before = requirePaymentMethod(ctx, id)
  const { customer } = before
  if (customer === null) {
    throw invalidRequest(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    )
  }
  const detached = ctx.patch('payment_methods', id, { customer: null })
  if (ctx.store.get('cards', id) !== undefined) ctx.patch('cards', id, { spent: true })
  ctx.emit('payment_method.detached', detached, { customer })
  removeAsDefault(ctx, id, customer)
  return detached
}

/** Removes a payment method as the default of a customer and of its subscriptions. */
export function removeAsDefault(ctx: Context, id: string, customer: string): void {
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
