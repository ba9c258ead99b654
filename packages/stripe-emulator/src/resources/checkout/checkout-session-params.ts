import { currencyParam } from '../../http/params/currency.ts'
import { listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  emptyable,
  ignored,
  integer,
  oneOf,
  required,
  text,
  timestamp,
  unsupported,
  unsupportedParams,
} from '../../http/params/param.ts'
import { listOf, metadata, shape } from '../../http/params/shape.ts'
import { shippingParam } from '../payments/payment-intent-params.ts'

const lineItem = shape({
  adjustable_quantity: unsupported,
  dynamic_tax_rates: unsupported,
  metadata,
  price: text,
  price_data: unsupported,
  quantity: integer({ min: 1, max: 999_999 }),
  tax_rates: ignored,
})

const subscriptionData = shape({
  application_fee_percent: unsupported,
  billing_cycle_anchor: unsupported,
  billing_cycle_anchor_config: unsupported,
  billing_mode: ignored,
  default_tax_rates: unsupported,
  description: text,
  invoice_settings: unsupported,
  metadata,
  on_behalf_of: unsupported,
  pending_invoice_item_interval: unsupported,
  proration_behavior: ignored,
  transfer_data: unsupported,
  trial_end: timestamp,
  trial_period_days: integer({ min: 1, max: 730 }),
  trial_settings: shape({
    end_behavior: required(
      shape({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) }),
    ),
  }),
})

const paymentIntentData = shape({
  application_fee_amount: unsupported,
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  description: text,
  metadata,
  on_behalf_of: unsupported,
  receipt_email: text,
  setup_future_usage: oneOf('off_session', 'on_session'),
  shipping: shippingParam,
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_data: unsupported,
  transfer_group: ignored,
})

/** Accepted because they have no effect on the hosted page of the emulator. */
const ignoredParams = {
  adaptive_pricing: ignored,
  allow_promotion_codes: ignored,
  allowed_payment_method_types: ignored,
  billing_address_collection: ignored,
  branding_settings: ignored,
  consent_collection: ignored,
  custom_text: ignored,
  customer_update: ignored,
  integration_identifier: ignored,
  locale: ignored,
  payment_method_configuration: ignored,
  payment_method_options: ignored,
  phone_number_collection: ignored,
  saved_payment_method_options: ignored,
  wallet_options: ignored,
}

export const createSessionParams = shape({
  ...ignoredParams,
  after_expiration: unsupported,
  automatic_tax: shape({ enabled: required(oneOf('false')), liability: unsupported }),
  cancel_url: text,
  client_reference_id: text,
  currency: currencyParam,
  custom_fields: unsupported,
  customer: text,
  customer_account: unsupported,
  customer_creation: oneOf('always', 'if_required'),
  customer_email: text,
  discounts: emptyable(listOf(unsupported)),
  excluded_payment_method_types: ignored,
  expires_at: timestamp,
  invoice_creation: unsupported,
  line_items: listOf(lineItem),
  managed_payments: unsupported,
  metadata,
  mode: oneOf('payment', 'setup', 'subscription'),
  name_collection: unsupported,
  optional_items: unsupported,
  origin_context: unsupported,
  payment_intent_data: paymentIntentData,
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_data: unsupported,
  // Named so before 2026-09-30; Stripe's command line still sends it.
  payment_method_types: listOf(text),
  permissions: unsupported,
  redirect_on_completion: unsupported,
  return_url: unsupported,
  setup_intent_data: shape({ description: text, metadata, on_behalf_of: unsupported }),
  shipping_address_collection: unsupported,
  shipping_options: unsupported,
  subscription_data: subscriptionData,
  submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  success_url: text,
  tax_id_collection: shape({ enabled: required(boolean), required: ignored }),
  ui_mode: oneOf('elements', 'embedded_page', 'form', 'hosted_page'),
})

export type SessionParams = ValueOf<typeof createSessionParams>

export const updateSessionParams = shape({
  ...unsupportedParams(
    'collected_information',
    'line_items',
    'payment_intent_data',
    'shipping_options',
  ),
  metadata,
})

export const listSessionsParams = shape({
  ...listFields,
  customer: text,
  customer_account: unsupported,
  customer_details: shape({ email: required(text) }),
  payment_intent: text,
  payment_link: text,
  status: oneOf('complete', 'expired', 'open'),
  subscription: text,
})
