import type { Context } from '../../core/context.ts'
import { noSuch, notFound } from '../../core/errors.ts'
import { paymentId, token } from '../../core/ids.ts'
import type { PaymentIntent } from '../../documents.ts'

/** The values of a new payment intent. */
export interface PaymentOrder {
  amount: number
  currency: string
  customer: string | null
  description: string | null
  /** The id of the invoice it pays; null: none. */
  invoice: string | null
  setupFutureUsage: 'off_session' | 'on_session' | null
  metadata: Record<string, string>
  /** Other fields to set. */
  fields?: Partial<PaymentIntent> | undefined
}

/** A payment intent. Throws 404, or 400 where `param` names it. */
export function requirePaymentIntent(ctx: Context, id: string, param?: string): PaymentIntent {
  const intent = ctx.store.get('payment_intents', id)
  if (intent !== undefined) return intent
  if (param === undefined) throw notFound('payment_intent', id, 'intent')
  throw noSuch('payment_intent', id, param)
}

/** Fields of a payment intent that keep their defaults in the emulator. */
const DEFAULTS = {
  allowed_payment_method_types: null,
  amount_capturable: 0,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'automatic',
  confirmation_method: 'automatic',
  customer_account: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: null,
  next_action: null,
  on_behalf_of: null,
} satisfies Partial<PaymentIntent>

/** Creates a payment intent that waits for a payment method. */
export function createPaymentIntent(ctx: Context, order: PaymentOrder): PaymentIntent {
  const id = paymentId('pi')
  const intent = ctx.store.put('payment_intents', {
    ...DEFAULTS,
    id,
    object: 'payment_intent',
    amount: order.amount,
    client_secret: `${id}_secret_${token(24)}`,
    created: ctx.now,
    currency: order.currency,
    customer: order.customer,
    description: order.description,
    metadata: order.metadata,
    ...(order.invoice === null
      ? {}
      : {
          payment_details: {
            customer_reference: null,
            order_reference: order.invoice.slice(0, 25),
          },
        }),
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: 'automatic',
      },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: order.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
    ...order.fields,
  })
  ctx.emit('payment_intent.created', intent)
  return intent
}
