import { ACCOUNT } from '../../core/account.ts'
import { recipientOf } from '../../core/address.ts'
import type { Context } from '../../core/context.ts'
import { invalidRequest, notEmulated } from '../../core/errors.ts'
import type { PaymentIntent, PaymentMethod, SetupIntent } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { changeMetadata } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { checkAmount } from './charges/amount-limits.ts'
import { createFromTestId, requirePaymentMethod, requireUsable } from './methods/payment-method.ts'
import { createPaymentIntent } from './payment-intent.ts'
import type { createIntentParams, updateIntentParams } from './payment-intent-params.ts'

type CreateParams = ValueOf<typeof createIntentParams>
type UpdateParams = ValueOf<typeof updateIntentParams>

/** Throws 400 for payment methods other than cards. */
export function requireCardType(types: readonly string[] | undefined, param: string): void {
  const other = types?.find((type) => type !== 'card')
  if (other !== undefined) throw notEmulated(`a payment by '${other}'`, param)
}

/** The refusals of a payment method, as far as payment and setup intents word them differently. */
type IntentKind = 'PaymentIntent' | 'SetupIntent'

/**
 * The payment method for an intent, or a new one of a test id. Throws 400 for the payment method of another customer,
 * and for one that cannot be used again.
 */
export function methodFor(
  ctx: Context,
  of: { id: string; customer: string | null; kind: IntentKind },
): PaymentMethod {
  const method = createFromTestId(ctx, of.id) ?? requirePaymentMethod(ctx, of.id, 'payment_method')
  requireUsable(ctx, method)
  if (method.customer === null || method.customer === of.customer) return method
  if (of.customer !== null) {
    throw invalidRequest(
      `The PaymentMethod ${method.id} does not belong to the Customer you supplied ${of.customer}. Please use this PaymentMethod with the Customer that it belongs to instead.`,
      { param: 'payment_method' },
    )
  }
  throw of.kind === 'PaymentIntent'
    ? invalidRequest(
        `The \`payment_method\` parameter supplied ${method.id} belongs to the Customer ${method.customer}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
        { code: 'parameter_missing', param: 'source' },
      )
    : invalidRequest(
        `The payment method supplied (${method.id}) belongs to the Customer ${method.customer}. Please include the Customer in the \`customer\` parameter on the SetupIntent.`,
        { param: 'payment_method' },
      )
}

/** Throws 400 where payment methods that redirect are allowed and no URL leads back (fact 32). */
export function requireReturnUrl(
  intent: Pick<PaymentIntent | SetupIntent, 'automatic_payment_methods'>,
  params: { return_url?: string | undefined; use_stripe_sdk?: boolean | undefined },
  about: { payment_intent: PaymentIntent } | { setup_intent: SetupIntent },
): void {
  const automatic = intent.automatic_payment_methods
  const redirects = automatic?.enabled === true && automatic.allow_redirects !== 'never'
  if (!redirects || params.return_url !== undefined || params.use_stripe_sdk === true) return
  const kind = 'payment_intent' in about ? 'PaymentIntent' : 'SetupIntent'
  throw invalidRequest(
    `This ${kind} is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a \`return_url\`. If you don't want to accept redirect-based payment methods, set \`automatic_payment_methods[enabled]\` to \`true\` and \`automatic_payment_methods[allow_redirects]\` to \`never\` when creating Setup Intents and Payment Intents.`,
    about,
  )
}

/** A shipping address in the form of an intent. */
export function shippingOf(
  shipping: NonNullable<UpdateParams['shipping']>,
): NonNullable<PaymentIntent['shipping']> {
  return {
    ...recipientOf(shipping),
    carrier: shipping.carrier ?? null,
    tracking_number: shipping.tracking_number ?? null,
  }
}

/** Creates a payment intent without an invoice. */
export function openIntent(ctx: Context, params: CreateParams): PaymentIntent {
  requireCardTypes(params)
  checkAmount(params.amount, params.currency)
  requireConfirming(params)
  const customer =
    params.customer === undefined ? null : requireCustomer(ctx, params.customer, 'customer').id
  const { payment_method: id } = params
  const method = id === undefined ? null : methodFor(ctx, { id, customer, kind: 'PaymentIntent' })
  const named = params.allowed_payment_method_types ?? params.payment_method_types
  const automatic = automaticMethods(params.automatic_payment_methods, named)
  return createPaymentIntent(ctx, {
    amount: params.amount,
    currency: params.currency,
    customer,
    description: params.description ?? null,
    invoice: null,
    setupFutureUsage: params.setup_future_usage ?? null,
    metadata: changeMetadata({}, params.metadata),
    fields: {
      capture_method: 'automatic_async',
      ...givenFields(params),
      automatic_payment_methods: automatic,
      // The configuration that chooses the payment methods, where none are named (recorded).
      payment_method_configuration_details:
        automatic === null ? null : { id: ACCOUNT.paymentMethodConfiguration, parent: null },
      confirmation_method: params.confirmation_method ?? 'automatic',
      payment_method: method?.id ?? null,
      status: method === null ? 'requires_payment_method' : 'requires_confirmation',
    },
  })
}

/** What `automatic_payment_methods` becomes: it is the default where no types are named. Throws 400 for both. */
export function automaticMethods(
  given: CreateParams['automatic_payment_methods'],
  named: readonly string[] | undefined,
): PaymentIntent['automatic_payment_methods'] {
  if (given === undefined) {
    return named === undefined ? { allow_redirects: 'always', enabled: true } : null
  }
  if (given.enabled && named !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: automatic_payment_methods, payment_method_types.',
      { code: 'parameters_exclusive', param: 'automatic_payment_methods' },
    )
  }
  return given.enabled ? { allow_redirects: 'always', ...given } : null
}

const ONLY_CONFIRMING = ['error_on_requires_action', 'off_session', 'return_url'] as const

/** Throws 400 for a parameter that only an intent takes that is confirmed at once. */
function requireConfirming(params: CreateParams): void {
  const early = ONLY_CONFIRMING.find((name) => params[name] !== undefined)
  if (early === undefined || params.confirm === true) return
  throw invalidRequest(
    `The parameter \`${early}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`,
    { param: early },
  )
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
    ...(params.payment_details === undefined
      ? {}
      : {
          payment_details: {
            customer_reference: params.payment_details?.customer_reference ?? null,
            order_reference: params.payment_details?.order_reference ?? null,
          },
        }),
    ...(params.statement_descriptor === undefined
      ? {}
      : { statement_descriptor: params.statement_descriptor }),
    ...(params.statement_descriptor_suffix === undefined
      ? {}
      : { statement_descriptor_suffix: params.statement_descriptor_suffix }),
  }
}

const WHILE_OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action'] as const

/** Throws 400 for a change of what is paid, by whom or how, once the intent is no longer open. */
export function requireChangeable(intent: PaymentIntent, params: UpdateParams): void {
  if (WHILE_OPEN.some((status) => status === intent.status)) return
  const names = ['amount', 'currency', 'customer', 'payment_method', 'capture_method'] as const
  const name = names.find((one) => params[one] !== undefined)
  if (name === undefined) return
  throw invalidRequest(
    `This PaymentIntent's ${name} could not be updated because it has a status of ${intent.status}. You may only update the ${name} of a PaymentIntent with one of the following statuses: ${WHILE_OPEN.join(', ')}.`,
    { code: 'payment_intent_unexpected_state', param: name, payment_intent: intent },
  )
}

/** Updates a payment intent. Amount, currency, customer and payment method only before it is confirmed, else 400. */
export function updateIntent(
  ctx: Context,
  before: PaymentIntent,
  params: UpdateParams,
): PaymentIntent {
  requireCardTypes(params)
  const { amount, currency, customer: customerId, payment_method: methodId } = params
  requireChangeable(before, params)
  if (amount !== undefined || currency !== undefined) {
    checkAmount(amount ?? before.amount, currency ?? before.currency)
  }
  const customer =
    customerId === undefined ? before.customer : requireCustomer(ctx, customerId, 'customer').id
  const method =
    methodId === undefined
      ? null
      : methodFor(ctx, { id: methodId, customer, kind: 'PaymentIntent' })
  return ctx.patch('payment_intents', before.id, {
    ...givenFields(params),
    ...(amount === undefined ? {} : { amount }),
    ...(currency === undefined ? {} : { currency }),
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
