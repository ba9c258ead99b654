import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { PaymentMethod, Subscription } from '../../documents.ts'
import { changesBetween } from '../events/changes.ts'
import { needsAuthentication } from '../payments/confirm.ts'
import { attachPaymentMethod } from '../payments/methods/attach.ts'
import type { CardDetails } from '../payments/methods/payment-method.ts'
import { checkCard, createCardMethod } from '../payments/methods/payment-method.ts'
import { cancelSubscription, endAt, noScheduledEnd, scheduledEnd } from '../subscriptions/cancel.ts'
import { updateSubscription } from '../subscriptions/change/update.ts'
import { changeSubscription } from '../subscriptions/settle.ts'
import type { Portal } from './session.ts'
import { portalSubscriptions, switchablePrices } from './session.ts'

/**
 * Cancels a subscription as the configuration says. At period end it sets `cancel_at` and leaves
 * `cancel_at_period_end` false, as the real portal does in flexible billing mode (docs/stripe.md, fact 6).
 */
export function cancelInPortal(ctx: Context, portal: Portal, id: string): void {
  const subscription = ownSubscription(ctx, portal, id)
  const { enabled, mode } = portal.configuration.features.subscription_cancel
  if (!enabled) forbid()
  if (mode === 'immediately') {
    cancelSubscription(ctx, subscription)
    return
  }
  const end = endAt(subscription, 'max_period_end')
  changeSubscription(ctx, subscription, scheduledEnd(ctx, subscription, end))
}

function ownSubscription(ctx: Context, portal: Portal, id: string): Subscription {
  const found = portalSubscriptions(ctx, portal).find((subscription) => subscription.id === id)
  if (found === undefined) throw invalidRequest('This subscription is not yours to change.')
  return found
}

function forbid(): never {
  throw invalidRequest('This portal does not allow that.')
}

/** Removes a scheduled cancellation. */
export function resumeInPortal(ctx: Context, portal: Portal, id: string): void {
  changeSubscription(ctx, ownSubscription(ctx, portal, id), noScheduledEnd())
}

/** Switches the plan now, prorated as the configuration says. Throws 402 for a declined card, without an effect. */
export function switchInPortal(
  ctx: Context,
  portal: Portal,
  change: { subscription: string; price: string },
): void {
  const subscription = ownSubscription(ctx, portal, change.subscription)
  const { enabled, proration_behavior: behavior } =
    portal.configuration.features.subscription_update
  const offered = switchablePrices(ctx, portal, subscription)
  const [item] = subscription.items.data
  if (!enabled || item === undefined || !offered.some((price) => price.id === change.price))
    forbid()
  const proration = prorationOf(behavior)
  updateSubscription(ctx, subscription, {
    items: [{ id: item.id, price: change.price }],
    proration_behavior: proration,
    payment_behavior: 'error_if_incomplete',
    ...(subscription.cancel_at === null ? {} : { cancel_at: null }),
  })
}

function prorationOf(wanted: string): 'always_invoice' | 'create_prorations' | 'none' {
  return wanted === 'none' || wanted === 'create_prorations' ? wanted : 'always_invoice'
}

/** Adds a card as the default. Returns the id of its payment method where it needs 3-D Secure first, else null. */
export function addCardInPortal(ctx: Context, portal: Portal, card: CardDetails): string | null {
  if (!portal.configuration.features.payment_method_update.enabled) forbid()
  checkCard(ctx, card)
  const method = createCardMethod(ctx, card)
  if (needsAuthentication(ctx, method)) return method.id
  setDefaultMethod(ctx, portal, method)
  return null
}

/** Makes a card the default of the customer, and of subscriptions with a default of their own. */
function setDefaultMethod(ctx: Context, portal: Portal, method: PaymentMethod): void {
  const { customer } = portal
  attachPaymentMethod(ctx, method.id, customer.id)
  const after = ctx.patch('customers', customer.id, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: method.id },
  })
  ctx.emit('customer.updated', after, changesBetween(customer, after))
  for (const subscription of portalSubscriptions(ctx, portal)) {
    if (subscription.default_payment_method === null) continue
    changeSubscription(ctx, subscription, { default_payment_method: method.id })
  }
}

/** Adds a card that has passed 3-D Secure as the default. */
export function authenticateCardInPortal(ctx: Context, portal: Portal, methodId: string): void {
  const method = ctx.store.get('payment_methods', methodId)
  if (method === undefined || method.customer !== null) forbid()
  ctx.patch('cards', method.id, { authenticated: true })
  setDefaultMethod(ctx, portal, method)
}
