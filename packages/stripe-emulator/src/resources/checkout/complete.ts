import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { CheckoutSession, Customer, PaymentMethod } from '../../documents.ts'
import { newCustomer, requireCustomer } from '../customers/customer.ts'
import { needsAuthentication } from '../payments/confirm.ts'
import type { CardDetails } from '../payments/methods/payment-method.ts'
import {
  checkCard,
  createCardMethod,
  requirePaymentMethod,
} from '../payments/methods/payment-method.ts'
import type { Sale } from './sale.ts'
import { setUpCard, subscribe, takePayment } from './sale.ts'
import { requireOrder, requireSession } from './session.ts'

interface Person {
  email: string | null
  name: string | null
}

/** The input of the hosted page. */
export interface Payer extends Person {
  card: CardDetails
}

/** The next step after a submit of the hosted page: complete, or 3-D Secure first. */
export type CheckoutStep =
  | { step: 'complete'; session: CheckoutSession }
  | { step: 'authenticate'; session: CheckoutSession }

/**
 * Pays a session with a card: completes it, or asks for the 3-D Secure step. Throws 402 where the card is
 * declined; the session then stays open.
 */
export function payCheckout(ctx: Context, id: string, payer: Payer): CheckoutStep {
  openSession(ctx, id)
  checkCard(ctx, payer.card)
  const method = createCardMethod(ctx, payer.card)
  ctx.patch('payment_methods', method.id, {
    billing_details: { ...method.billing_details, email: payer.email, name: payer.name },
  })
  return payCheckoutBy(ctx, id, method.id)
}

function openSession(ctx: Context, id: string): CheckoutSession {
  const session = requireSession(ctx, id)
  if (session.status === 'open') return session
  throw invalidRequest(`This Checkout Session is ${session.status ?? 'over'}.`)
}

/** Pays a session with a payment method that is not attached yet. */
export function payCheckoutBy(ctx: Context, id: string, methodId: string): CheckoutStep {
  const session = openSession(ctx, id)
  const method = requirePaymentMethod(ctx, methodId, 'payment_method')
  if (!needsAuthentication(ctx, method)) {
    return { step: 'complete', session: complete(ctx, session, { method, authenticated: false }) }
  }
  ctx.patch('checkout_orders', id, { pendingPaymentMethod: method.id })
  return { step: 'authenticate', session }
}

function complete(
  ctx: Context,
  session: CheckoutSession,
  by: { method: PaymentMethod; authenticated: boolean },
): CheckoutSession {
  const { email, name } = by.method.billing_details
  const customer = payingCustomer(ctx, session, { email, name })
  const done = ctx.patch('checkout_sessions', session.id, {
    ...settle(ctx, session, { ...by, customer }),
    customer: customer?.id ?? null,
    customer_details: {
      address: null,
      business_name: null,
      email: email ?? session.customer_email ?? customer?.email ?? null,
      individual_name: null,
      name,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    },
    status: 'complete',
    url: null,
  })
  ctx.emit('checkout.session.completed', done)
  return done
}

/** The customer of a session: the given one, or a new one where `customer_creation` is `always`. */
function payingCustomer(ctx: Context, session: CheckoutSession, payer: Person): Customer | null {
  if (session.customer !== null) return requireCustomer(ctx, session.customer, 'customer')
  if (session.customer_creation !== 'always') return null
  const email = session.customer_email ?? payer.email
  const customer = ctx.store.put('customers', {
    ...newCustomer(ctx, null),
    email,
    name: payer.name,
  })
  ctx.emit('customer.created', customer)
  return customer
}

function settle(ctx: Context, session: CheckoutSession, sale: Sale): Partial<CheckoutSession> {
  switch (session.mode) {
    case 'payment':
      return takePayment(ctx, session, sale)
    case 'setup':
      return setUpCard(ctx, session, sale)
    default:
      return subscribe(ctx, session, sale)
  }
}

/** Completes a session whose card has passed the 3-D Secure step. */
export function authenticateCheckout(ctx: Context, id: string): CheckoutSession {
  const session = openSession(ctx, id)
  const method = ctx.store.get('payment_methods', requireOrder(ctx, id).pendingPaymentMethod ?? '')
  if (method === undefined)
    throw invalidRequest('This Checkout Session waits for no authentication.')
  ctx.patch('cards', method.id, { authenticated: true })
  return complete(ctx, session, { method, authenticated: true })
}

/** Expires an open session. Throws 400 for any other. */
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

/** The URL that the browser goes to after the payment. */
export function successUrl(session: CheckoutSession): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

/** The URL that the browser goes to when the payer goes back; null: none. */
export function cancelUrl(session: CheckoutSession): string | null {
  return session.cancel_url?.replaceAll('{CHECKOUT_SESSION_ID}', session.id) ?? null
}
