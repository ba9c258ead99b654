import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { CheckoutOrder, CheckoutSession, Customer, PaymentMethod } from '../../documents.ts'
import { requirePrice } from '../catalog/price.ts'
import { newCustomer, requireCustomer } from '../customers/customer.ts'
import { attachPaymentMethod } from '../payment-methods/attach.ts'
import { type CardDetails, checkCard, createCardMethod } from '../payment-methods/payment-method.ts'
import { needsAuthentication } from '../payments/confirm.ts'
import { paymentError } from '../subscriptions/change/bill-change.ts'
import { createSubscription } from '../subscriptions/create.ts'
import { requireOrder, requireSession } from './session.ts'

const DAY = 86_400

/** What a person typed into the hosted page. */
export interface Payer {
  card: CardDetails
  email: string | null
  name: string | null
}

/** What became of a payment on the hosted page: done, or the 3-D Secure step comes first. */
export type CheckoutStep =
  | { step: 'complete'; session: CheckoutSession }
  | { step: 'authenticate'; session: CheckoutSession }

function openSession(ctx: Context, id: string): CheckoutSession {
  const session = requireSession(ctx, id)
  if (session.status === 'open') return session
  throw invalidRequest(`This Checkout Session is ${session.status ?? 'over'}.`)
}

function payingCustomer(ctx: Context, session: CheckoutSession, payer: Payer): Customer {
  if (session.customer !== null) return requireCustomer(ctx, session.customer, 'customer')
  const email = session.customer_email ?? payer.email
  const customer = ctx.store.put('customers', {
    ...newCustomer(ctx, null),
    email,
    name: payer.name,
  })
  ctx.emit('customer.created', customer)
  return customer
}

/**
 * Pays a session with a card: refused with the card's reason (and nothing subscribed), sent to the
 * 3-D Secure step, or completed.
 */
export function payCheckout(ctx: Context, id: string, payer: Payer): CheckoutStep {
  const session = openSession(ctx, id)
  checkCard(ctx, payer.card)
  const method = createCardMethod(ctx, payer.card)
  ctx.patch('payment_methods', method.id, {
    billing_details: { ...method.billing_details, email: payer.email, name: payer.name },
  })
  if (!needsAuthentication(ctx, method)) {
    return {
      step: 'complete',
      session: complete(ctx, session, { method, payer, authenticated: false }),
    }
  }
  ctx.patch('checkout_orders', id, { pendingPaymentMethod: method.id })
  return { step: 'authenticate', session }
}

/** Ends the 3-D Secure step of a session: completes it with the waiting card. */
export function authenticateCheckout(ctx: Context, id: string): CheckoutSession {
  const session = openSession(ctx, id)
  const method = ctx.store.get('payment_methods', requireOrder(ctx, id).pendingPaymentMethod ?? '')
  if (method === undefined)
    throw invalidRequest('This Checkout Session waits for no authentication.')
  const payer: Payer = {
    card: { number: '', expMonth: 0, expYear: 0, cvc: undefined },
    email: method.billing_details.email,
    name: method.billing_details.name,
  }
  ctx.patch('cards', method.id, { authenticated: true })
  return complete(ctx, session, { method, payer, authenticated: true })
}

function trialEnd(ctx: Context, customer: Customer, order: CheckoutOrder): number | null {
  if (order.trialEnd !== null) return order.trialEnd
  if (order.trialPeriodDays === null) return null
  return ctx.timeOf(customer.test_clock) + order.trialPeriodDays * DAY
}

function complete(
  ctx: Context,
  session: CheckoutSession,
  by: { method: PaymentMethod; payer: Payer; authenticated: boolean },
): CheckoutSession {
  const order = requireOrder(ctx, session.id)
  const customer = payingCustomer(ctx, session, by.payer)
  attachPaymentMethod(ctx, by.method.id, customer.id)
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
    payWith: by.method.id,
    authenticated: by.authenticated,
  })
  if (collected !== null && collected.outcome !== 'paid') throw paymentError(collected)
  const done = ctx.patch('checkout_sessions', session.id, {
    customer: customer.id,
    customer_details: {
      address: null,
      business_name: null,
      email: by.payer.email ?? customer.email,
      individual_name: null,
      name: by.payer.name,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    },
    invoice: invoice.id,
    payment_status:
      order.trialEnd === null && order.trialPeriodDays === null ? 'paid' : 'no_payment_required',
    status: 'complete',
    subscription: subscription.id,
    url: null,
  })
  ctx.emit('checkout.session.completed', done)
  return done
}

/** Ends an open session without a payment. */
export function expireSession(ctx: Context, id: string): CheckoutSession {
  const session = requireSession(ctx, id)
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status ?? ''}\`.`,
    )
  }
  const expired = ctx.patch('checkout_sessions', id, { status: 'expired', url: null })
  ctx.emit('checkout.session.expired', expired)
  return expired
}

/** Where the browser goes after the payment. */
export function successUrl(session: CheckoutSession): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

/** Where the browser goes when the payer turns back. */
export function cancelUrl(session: CheckoutSession): string | null {
  return session.cancel_url?.replaceAll('{CHECKOUT_SESSION_ID}', session.id) ?? null
}
