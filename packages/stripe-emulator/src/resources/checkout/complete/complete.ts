import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { CheckoutInput, CheckoutSession, Customer, PaymentMethod } from '../../../documents.ts'
import { needsAuthentication } from '../../payments/confirm.ts'
import type { CardDetails } from '../../payments/methods/payment-method.ts'
import {
  checkCard,
  createCardMethod,
  requirePaymentMethod,
} from '../../payments/methods/payment-method.ts'
import { taxAddress } from '../order/tax-address.ts'
import { openSession, requireOrder } from '../session.ts'
import { checkInput, collectedFields } from './collected.ts'
import { payingCustomer } from './customer.ts'
import type { Sale } from './sale.ts'
import { setUpCard, subscribe, takePayment } from './sale.ts'

/** The input of the hosted page. */
export interface Payer {
  /** The card that was typed; null: a saved one, or none is needed. */
  card: CardDetails | null
  /** The payment method of the customer that was chosen instead. */
  savedMethod: string | null
  input: CheckoutInput
}

/** The next step after a submit of the hosted page: complete, or 3-D Secure first. */
export type CheckoutStep =
  | { step: 'complete'; session: CheckoutSession }
  | { step: 'authenticate'; session: CheckoutSession }

/** Whether the page asks for a card: not where nothing is due and the session says so. */
export function needsCard(session: CheckoutSession): boolean {
  return session.payment_method_collection !== 'if_required' || session.amount_total !== 0
}

/**
 * Pays a session: completes it, or asks for the 3-D Secure step. Throws 400 for an incomplete form, and 402 where the
 * card is declined; the session then stays open.
 */
export function payCheckout(ctx: Context, id: string, payer: Payer): CheckoutStep {
  checkInput(openSession(ctx, id), payer.input)
  const session = taxAddress(ctx, id, payer.input)
  if (!needsCard(session)) {
    const done = complete(ctx, session, {
      method: null,
      authenticated: false,
      input: payer.input,
    })
    return { step: 'complete', session: done }
  }
  return payBy(ctx, session, { method: methodOf(ctx, session, payer), input: payer.input })
}

function methodOf(ctx: Context, session: CheckoutSession, payer: Payer): PaymentMethod {
  const { card, savedMethod, input } = payer
  if (savedMethod !== null) {
    const method = requirePaymentMethod(ctx, savedMethod, 'payment_method')
    if (session.customer !== null && method.customer === session.customer) return method
    throw invalidRequest('This payment method is not yours.')
  }
  if (card === null) throw invalidRequest('Enter the number of a card.')
  checkCard(ctx, card)
  const method = createCardMethod(ctx, card)
  const { billing_details: details } = method
  return ctx.patch('payment_methods', method.id, {
    allow_redisplay: redisplayOf(ctx, session, input),
    billing_details: {
      ...details,
      address: input.address ?? details.address,
      email: input.email,
      name: input.name,
      phone: input.phone,
    },
  })
}

/** As given, else by what the buyer has agreed to: to be shown the card again, or only that it is kept. */
function redisplayOf(
  ctx: Context,
  session: CheckoutSession,
  input: CheckoutInput,
): 'always' | 'limited' | 'unspecified' {
  const { allowRedisplay, payment } = requireOrder(ctx, session.id)
  if (allowRedisplay !== undefined) return allowRedisplay
  if (input.saveCard) return 'always'
  const isKept = session.mode !== 'payment' || payment?.setupFutureUsage != null
  return isKept ? 'limited' : 'unspecified'
}

/** Pays a session with a payment method that is not attached yet, without a form. */
export function payCheckoutBy(ctx: Context, id: string, methodId: string): CheckoutStep {
  openSession(ctx, id)
  const method = requirePaymentMethod(ctx, methodId, 'payment_method')
  const { address, email, name, phone } = method.billing_details
  const input = { ...NO_INPUT, address, email, name, phone }
  return payBy(ctx, taxAddress(ctx, id, input), { method, input })
}

const NO_INPUT: CheckoutInput = {
  email: null,
  name: null,
  phone: null,
  businessName: null,
  individualName: null,
  address: null,
  shipping: null,
  taxId: null,
  customFields: {},
  promotions: false,
  terms: false,
  saveCard: false,
}

function payBy(
  ctx: Context,
  session: CheckoutSession,
  by: { method: PaymentMethod; input: CheckoutInput },
): CheckoutStep {
  if (!needsAuthentication(ctx, by.method)) {
    return { step: 'complete', session: complete(ctx, session, { ...by, authenticated: false }) }
  }
  ctx.patch('checkout_orders', session.id, {
    pendingPaymentMethod: by.method.id,
    pendingInput: by.input,
  })
  return { step: 'authenticate', session }
}

function complete(
  ctx: Context,
  session: CheckoutSession,
  by: Omit<Sale, 'customer'> & { input: CheckoutInput },
): CheckoutSession {
  const { input } = by
  const customer = payingCustomer(ctx, session, input)
  const done = ctx.patch('checkout_sessions', session.id, {
    ...settle(ctx, session, { ...by, customer }),
    ...collectedFields(session, input, customer),
    customer: customer?.id ?? null,
    status: 'complete',
    url: null,
  })
  ctx.emit('checkout.session.completed', done)
  return done
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
  const { pendingPaymentMethod, pendingInput } = requireOrder(ctx, id)
  const method = ctx.store.get('payment_methods', pendingPaymentMethod ?? '')
  if (method === undefined)
    throw invalidRequest('This Checkout Session waits for no authentication.')
  const { email, name } = method.billing_details
  ctx.patch('cards', method.id, { authenticated: true })
  const input = pendingInput ?? { ...NO_INPUT, email, name }
  return complete(ctx, session, { method, authenticated: true, input })
}

/** The cards of the customer that the page offers, newest first. */
export function savedCards(ctx: Context, session: CheckoutSession): PaymentMethod[] {
  const filters = session.saved_payment_method_options?.allow_redisplay_filters ?? []
  const customer: Customer | undefined = ctx.store.get('customers', session.customer ?? '')
  if (customer === undefined) return []
  return ctx.store
    .find('payment_methods', { index: 'customer', key: customer.id })
    .filter(({ allow_redisplay: shown = 'unspecified' }) =>
      filters.some((filter) => filter === shown),
    )
}
