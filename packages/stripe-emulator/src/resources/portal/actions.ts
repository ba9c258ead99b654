import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { PaymentMethod, PortalConfiguration, Subscription } from '../../documents.ts'
import { changesBetween } from '../events/changes.ts'
import { needsAuthentication } from '../payments/confirm.ts'
import { attachPaymentMethod } from '../payments/methods/attach.ts'
import type { CardDetails } from '../payments/methods/payment-method.ts'
import { checkCard, createCardMethod } from '../payments/methods/payment-method.ts'
import { cancelSubscription, endAt, noScheduledEnd, scheduledEnd } from '../subscriptions/cancel.ts'
import { prorate } from '../subscriptions/change/prorate.ts'
import { changeSubscription } from '../subscriptions/settle.ts'
import type { Portal } from './session.ts'
import { portalSubscriptions } from './session.ts'

type Reason = PortalConfiguration['features']['subscription_cancel']['cancellation_reason']

/** Why a customer cancels, where the page asks. */
export interface CancelAnswer {
  feedback: string | null
  comment: string | null
}

/**
 * Cancels a subscription as the configuration says. At period end it sets `cancel_at` and leaves
 * `cancel_at_period_end` false, as the real portal does in flexible billing mode (docs/stripe.md, fact 6).
 */
export function cancelInPortal(
  ctx: Context,
  portal: Portal,
  how: { subscription: string } & CancelAnswer,
): void {
  const subscription = ownSubscription(ctx, portal, how.subscription)
  const feature = portal.configuration.features.subscription_cancel
  if (!feature.enabled) forbid()
  const details = answerOf(feature.cancellation_reason, how)
  if (feature.mode === 'immediately') {
    if (feature.proration_behavior === 'create_prorations') creditUnused(ctx, subscription)
    cancelSubscription(ctx, subscription, { details })
    return
  }
  const ending = scheduledEnd(ctx, subscription, endAt(subscription, 'max_period_end'))
  const { cancellation_details: given } = ending
  changeSubscription(ctx, subscription, {
    ...ending,
    ...(given == null ? {} : { cancellation_details: { ...given, ...details } }),
  })
}

type Details = Partial<NonNullable<Subscription['cancellation_details']>>

function answerOf({ enabled, options }: Reason, { feedback, comment }: CancelAnswer): Details {
  if (!enabled) return {}
  const chosen = options.find((option) => option === feedback) ?? null
  return { feedback: chosen, comment }
}

/** Credits the unused time as pending items; nothing is invoiced. */
function creditUnused(ctx: Context, subscription: Subscription): void {
  prorate(ctx, subscription, {
    at: ctx.timeOf(subscription.test_clock),
    changes: subscription.items.data.map((item) => ({ before: item, after: null })),
  })
}

/** A subscription of the customer that has not ended. Throws 400. */
export function ownSubscription(ctx: Context, portal: Portal, id: string): Subscription {
  const found = portalSubscriptions(ctx, portal).find((subscription) => subscription.id === id)
  if (found === undefined) throw invalidRequest('This subscription is not yours to change.')
  return found
}

/** Throws 400: the configuration does not allow it. */
export function forbid(): never {
  throw invalidRequest('This portal does not allow that.')
}

/** Removes a scheduled cancellation. */
export function resumeInPortal(ctx: Context, portal: Portal, id: string): void {
  changeSubscription(ctx, ownSubscription(ctx, portal, id), noScheduledEnd())
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
