import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { CheckoutSession, Customer, PaymentMethod } from '../../documents.ts'
import { newCustomer, requireCustomer } from '../customers/customer.ts'
import type { CardDetails } from '../payment-methods/payment-method.ts'
import {
  checkCard,
  createCardMethod,
  requirePaymentMethod,
} from '../payment-methods/payment-method.ts'
import { needsAuthentication } from '../payments/confirm.ts'
import type { Sale } from './sale.ts'
import { setUpCard, subscribe, takePayment } from './sale.ts'
import { requireOrder, requireSession } from './session.ts'

interface Person {
  email: string | null
  name: string | null
}

/** What a person typed into the hosted page. */
export interface Payer extends Person {
  card: CardDetails
}

/** What became of a payment on the hosted page: done, or the 3-D Secure step comes first. */
export type CheckoutStep =
  | { step: 'complete'; session: CheckoutSession }
  | { step: 'authenticate'; session: CheckoutSession }

/**
 * Pays a session with a card: refused with the card's reason (and nothing done), sent to the
 * 3-D Secure step, or completed.
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

/** Pays a session with a payment method that belongs to nobody yet. */
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
    ...outcome(ctx, session, { ...by, customer }),
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

/** The customer of a session: the one it was opened for, or a new one where its mode wants one. */
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

function outcome(ctx: Context, session: CheckoutSession, sale: Sale): Partial<CheckoutSession> {
  switch (session.mode) {
    case 'payment':
      return takePayment(ctx, session, sale)
    case 'setup':
      return setUpCard(ctx, session, sale)
    default:
      return subscribe(ctx, session, sale)
  }
}

/** Ends the 3-D Secure step of a session: completes it with the waiting card. */
export function authenticateCheckout(ctx: Context, id: string): CheckoutSession {
  const session = openSession(ctx, id)
  const method = ctx.store.get('payment_methods', requireOrder(ctx, id).pendingPaymentMethod ?? '')
  if (method === undefined)
    throw invalidRequest('This Checkout Session waits for no authentication.')
  ctx.patch('cards', method.id, { authenticated: true })
  return complete(ctx, session, { method, authenticated: true })
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
