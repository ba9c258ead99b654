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
} from '../payment-methods/payment-method.ts'
import type { createIntentParams, updateIntentParams } from './intent-params.ts'
import { createPaymentIntent } from './payment-intent.ts'

type CreateParams = ValueOf<typeof createIntentParams>
type UpdateParams = ValueOf<typeof updateIntentParams>

/** Refuses every kind of payment method but cards. */
export function refuseOtherTypes(types: readonly string[] | undefined, param: string): void {
  const other = types?.find((type) => type !== 'card')
  if (other !== undefined) throw notEmulated(`a payment by '${other}'`, param)
}

/**
 * The payment method that an intent is to use, or a fresh one of a test id. One that belongs to a
 * customer pays only for him.
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

/** Where something is sent to, as an intent says it. */
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

/** Opens a payment intent of its own: one that pays no invoice. */
export function openIntent(ctx: Context, params: CreateParams): PaymentIntent {
  refuseOtherIntentTypes(params)
  const customer =
    params.customer === undefined ? null : requireCustomer(ctx, params.customer, 'customer').id
  const method =
    params.payment_method === undefined ? null : methodFor(ctx, params.payment_method, customer)
  const named = params.allowed_payment_method_types ?? params.payment_method_types
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
      automatic_payment_methods:
        params.automatic_payment_methods ??
        (named === undefined ? { allow_redirects: 'always', enabled: true } : null),
      confirmation_method: params.confirmation_method ?? 'automatic',
      payment_method: method?.id ?? null,
      status: method === null ? 'requires_payment_method' : 'requires_confirmation',
    },
  })
}

function refuseOtherIntentTypes(params: UpdateParams): void {
  refuseOtherTypes(params.allowed_payment_method_types, 'allowed_payment_method_types')
  refuseOtherTypes(params.payment_method_types, 'payment_method_types')
}

/** The fields that creation and update have in common, where they are given. */
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

/** Changes a payment intent that is not confirmed yet; what it is called can always be changed. */
export function updateIntent(
  ctx: Context,
  before: PaymentIntent,
  params: UpdateParams,
): PaymentIntent {
  refuseOtherIntentTypes(params)
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
