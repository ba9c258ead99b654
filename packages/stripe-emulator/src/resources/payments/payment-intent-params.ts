import { listFields } from '../../http/params/list-params.ts'
import {
  boolean,
  emptyable,
  ignored,
  integer,
  oneOf,
  required,
  text,
  unsupported,
} from '../../http/params/param.ts'
import { listOf, metadata, shape } from '../../http/params/shape.ts'

const part = emptyable(text)

/** A shipping address. */
export const shippingParam = shape({
  address: required(
    shape({ city: part, country: part, line1: part, line2: part, postal_code: part, state: part }),
  ),
  carrier: text,
  name: required(text),
  phone: text,
  tracking_number: text,
})

const payable = {
  allowed_payment_method_types: listOf(text),
  amount_details: unsupported,
  application_fee_amount: unsupported,
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  customer: text,
  customer_account: unsupported,
  description: text,
  excluded_payment_method_types: ignored,
  hooks: ignored,
  metadata,
  payment_details: ignored,
  payment_method: text,
  payment_method_configuration: ignored,
  payment_method_data: unsupported,
  payment_method_options: ignored,
  // Named so before 2026-09-30; Stripe's command line still sends it.
  payment_method_types: listOf(text),
  receipt_email: emptyable(text),
  setup_future_usage: emptyable(oneOf('off_session', 'on_session')),
  shipping: emptyable(shippingParam),
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_data: unsupported,
  transfer_group: ignored,
}

const confirmation = {
  confirmation_token: unsupported,
  error_on_requires_action: boolean,
  mandate: unsupported,
  mandate_data: unsupported,
  off_session: boolean,
  radar_options: ignored,
  return_url: text,
  use_stripe_sdk: boolean,
}

export const createIntentParams = shape({
  ...payable,
  ...confirmation,
  amount: required(integer({ min: 1, max: 99_999_999 })),
  automatic_payment_methods: shape({
    allow_redirects: oneOf('always', 'never'),
    enabled: required(boolean),
  }),
  confirm: boolean,
  confirmation_method: oneOf('automatic', 'manual'),
  currency: required(text),
  on_behalf_of: unsupported,
})

export const updateIntentParams = shape({
  ...payable,
  amount: integer({ min: 1, max: 99_999_999 }),
  currency: text,
})

export const confirmIntentParams = shape({
  ...confirmation,
  allowed_payment_method_types: payable.allowed_payment_method_types,
  amount_details: unsupported,
  amount_to_confirm: unsupported,
  capture_method: payable.capture_method,
  excluded_payment_method_types: ignored,
  hooks: ignored,
  payment_details: ignored,
  payment_method: text,
  payment_method_data: unsupported,
  payment_method_options: ignored,
  payment_method_types: payable.payment_method_types,
  receipt_email: payable.receipt_email,
  setup_future_usage: payable.setup_future_usage,
  shipping: payable.shipping,
})

export const captureIntentParams = shape({
  amount_details: unsupported,
  amount_to_capture: integer({ min: 1 }),
  application_fee_amount: unsupported,
  final_capture: ignored,
  hooks: ignored,
  metadata,
  payment_details: ignored,
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_data: unsupported,
})

export const cancelIntentParams = shape({
  cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'),
})

export const listIntentsParams = shape({
  ...listFields,
  customer: text,
  customer_account: unsupported,
})
