import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import { invalidRequest, notEmulated } from '../../core/errors.ts'
import type { PaymentIntent, PaymentMethod } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { changeMetadata } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import {
  createFromTestId,
  requireOwnMethod,
  requirePaymentMethod,
} from './methods/payment-method.ts'
import { createPaymentIntent } from './payment-intent.ts'
import type { createIntentParams, updateIntentParams } from './payment-intent-params.ts'

type CreateParams = ValueOf<typeof createIntentParams>
type UpdateParams = ValueOf<typeof updateIntentParams>

/** Throws 400 for payment methods other than cards. */
export function requireCardType(types: readonly string[] | undefined, param: string): void {
  const other = types?.find((type) => type !== 'card')
  if (other !== undefined) throw notEmulated(`a payment by '${other}'`, param)
}

/**
 * The payment method for an intent, or a new one of a test id. Throws 400 for the payment method of another
 * customer.
 */
export function methodFor(ctx: Context, id: string, customer: string | null): PaymentMethod {
  const method = createFromTestId(ctx, id) ?? requirePaymentMethod(ctx, id, 'payment_method')
  if (method.customer === null) return method
  if (customer !== null) return requireOwnMethod(ctx, { id: method.id, customer }, 'payment_method')
  throw invalidRequest(
    `The PaymentMethod you provided (${method.id}) is attached to a customer (${method.customer}) so for security purposes you must provide the customer in the request.`,
    { param: 'payment_method' },
  )
}

type Address = NonNullable<NonNullable<PaymentIntent['shipping']>['address']>

const BLANK: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
}

/** A shipping address in the form of an intent. */
export function shippingOf(
  shipping: NonNullable<UpdateParams['shipping']>,
): NonNullable<PaymentIntent['shipping']> {
  return {
    address: { ...BLANK, ...shipping.address },
    carrier: shipping.carrier ?? null,
    name: shipping.name,
    phone: shipping.phone ?? null,
    tracking_number: shipping.tracking_number ?? null,
  }
}

/** Creates a payment intent without an invoice. */
export function openIntent(ctx: Context, params: CreateParams): PaymentIntent {
  requireCardTypes(params)
  const customer =
    params.customer === undefined ? null : requireCustomer(ctx, params.customer, 'customer').id
  const method =
    params.payment_method === undefined ? null : methodFor(ctx, params.payment_method, customer)
  const named = params.allowed_payment_method_types ?? params.payment_method_types
  const automatic =
    params.automatic_payment_methods ??
    (named === undefined ? { allow_redirects: 'always', enabled: true } : null)
  return createPaymentIntent(ctx, {
    amount: params.amount,
    currency: params.currency.toLowerCase(),
    customer,
    description: params.description ?? null,
    invoice: null,
    setupFutureUsage: params.setup_future_usage ?? null,
    metadata: changeMetadata({}, params.metadata),
    fields: {
      ...givenFields(params),
      automatic_payment_methods: automatic,
      capture_method: params.capture_method ?? 'automatic_async',
      confirmation_method: params.confirmation_method ?? 'automatic',
      payment_method: method?.id ?? null,
      payment_method_configuration_details: configurationOf(automatic),
      status: method === null ? 'requires_payment_method' : 'requires_confirmation',
    },
  })
}

/** The configuration that chose the payment methods, where none are named (recorded). */
export function configurationOf(
  automatic: { enabled: boolean | null } | null,
): PaymentIntent['payment_method_configuration_details'] {
  if (automatic?.enabled !== true) return null
  return { id: ACCOUNT.paymentMethodConfiguration, parent: null }
}

function requireCardTypes(params: UpdateParams): void {
  requireCardType(params.allowed_payment_method_types, 'allowed_payment_method_types')
  requireCardType(params.payment_method_types, 'payment_method_types')
}

/** The given fields that creation and update have in common. */
function givenFields(params: UpdateParams): Partial<PaymentIntent> {
  const { capture_method: capture, receipt_email: email, shipping } = params
  return {
    ...(capture === undefined ? {} : { capture_method: capture }),
    ...(email === undefined ? {} : { receipt_email: email }),
    ...(shipping === undefined
      ? {}
      : { shipping: shipping === null ? null : shippingOf(shipping) }),
    ...(params.statement_descriptor === undefined
      ? {}
      : { statement_descriptor: params.statement_descriptor }),
    ...(params.statement_descriptor_suffix === undefined
      ? {}
      : { statement_descriptor_suffix: params.statement_descriptor_suffix }),
  }
}

/** Updates a payment intent. Amount, currency, customer and payment method only before it is confirmed, else 400. */
export function updateIntent(
  ctx: Context,
  before: PaymentIntent,
  params: UpdateParams,
): PaymentIntent {
  requireCardTypes(params)
  const { amount, currency, customer: customerId, payment_method: methodId } = params
  const isOpen = before.status.startsWith('requires_') && before.status !== 'requires_capture'
  const changesPayment = [amount, currency, customerId, methodId].some((one) => one !== undefined)
  if (changesPayment && !isOpen) {
    throw invalidRequest(
      `This PaymentIntent's amount could not be updated because it has a status of ${before.status}. You may only update the amount of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.`,
      { code: 'payment_intent_unexpected_state' },
    )
  }
  const customer =
    customerId === undefined ? before.customer : requireCustomer(ctx, customerId, 'customer').id
  const method = methodId === undefined ? null : methodFor(ctx, methodId, customer)
  return ctx.patch('payment_intents', before.id, {
    ...givenFields(params),
    ...(amount === undefined ? {} : { amount }),
    ...(currency === undefined ? {} : { currency: currency.toLowerCase() }),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(params.setup_future_usage === undefined
      ? {}
      : { setup_future_usage: params.setup_future_usage }),
    ...(method === null
      ? {}
      : { next_action: null, payment_method: method.id, status: 'requires_confirmation' }),
    customer,
    metadata: changeMetadata(before.metadata, params.metadata),
  })
}
