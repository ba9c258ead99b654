import { listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  emptyable,
  gap,
  gaps,
  inert,
  integer,
  oneOf,
  required,
  text,
  timestamp,
} from '../../http/params/param.ts'
import { listOf, metadata, shape } from '../../http/params/shape.ts'
import { shippingParam } from '../payments/intent-params.ts'

const lineItem = shape({
  adjustable_quantity: gap,
  dynamic_tax_rates: gap,
  metadata,
  price: text,
  price_data: gap,
  quantity: integer({ min: 1, max: 999_999 }),
  tax_rates: inert,
})

const subscriptionData = shape({
  application_fee_percent: gap,
  billing_cycle_anchor: gap,
  billing_cycle_anchor_config: gap,
  billing_mode: inert,
  default_tax_rates: gap,
  description: text,
  invoice_settings: gap,
  metadata,
  on_behalf_of: gap,
  pending_invoice_item_interval: gap,
  proration_behavior: inert,
  transfer_data: gap,
  trial_end: timestamp,
  trial_period_days: integer({ min: 1, max: 730 }),
  trial_settings: shape({
    end_behavior: required(
      shape({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) }),
    ),
  }),
})

const paymentIntentData = shape({
  application_fee_amount: gap,
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  description: text,
  metadata,
  on_behalf_of: gap,
  receipt_email: text,
  setup_future_usage: oneOf('off_session', 'on_session'),
  shipping: shippingParam,
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_data: gap,
  transfer_group: inert,
})

/** Accepted because they change nothing of what the hosted page does here. */
const withoutEffect = {
  adaptive_pricing: inert,
  allow_promotion_codes: inert,
  allowed_payment_method_types: inert,
  billing_address_collection: inert,
  branding_settings: inert,
  consent_collection: inert,
  custom_text: inert,
  customer_update: inert,
  integration_identifier: inert,
  locale: inert,
  payment_method_configuration: inert,
  payment_method_options: inert,
  phone_number_collection: inert,
  saved_payment_method_options: inert,
  wallet_options: inert,
}

export const createSessionParams = shape({
  ...withoutEffect,
  after_expiration: gap,
  automatic_tax: shape({ enabled: required(oneOf('false')), liability: gap }),
  cancel_url: text,
  client_reference_id: text,
  currency: text,
  custom_fields: gap,
  customer: text,
  customer_account: gap,
  customer_creation: oneOf('always', 'if_required'),
  customer_email: text,
  discounts: emptyable(listOf(gap)),
  excluded_payment_method_types: inert,
  expires_at: timestamp,
  invoice_creation: gap,
  line_items: listOf(lineItem),
  managed_payments: gap,
  metadata,
  mode: oneOf('payment', 'setup', 'subscription'),
  name_collection: gap,
  optional_items: gap,
  origin_context: gap,
  payment_intent_data: paymentIntentData,
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_data: gap,
  // Named so before 2026-09-30; Stripe's command line still sends it.
  payment_method_types: listOf(text),
  permissions: gap,
  redirect_on_completion: gap,
  return_url: gap,
  setup_intent_data: shape({ description: text, metadata, on_behalf_of: gap }),
  shipping_address_collection: gap,
  shipping_options: gap,
  subscription_data: subscriptionData,
  submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  success_url: text,
  tax_id_collection: shape({ enabled: required(boolean), required: inert }),
  ui_mode: oneOf('elements', 'embedded_page', 'form', 'hosted_page'),
})

export type SessionParams = ValueOf<typeof createSessionParams>

export const updateSessionParams = shape({
  ...gaps('collected_information', 'line_items', 'payment_intent_data', 'shipping_options'),
  metadata,
})

export const listSessionsParams = shape({
  ...listFields,
  customer: text,
  customer_account: gap,
  customer_details: shape({ email: required(text) }),
  payment_intent: text,
  payment_link: text,
  status: oneOf('complete', 'expired', 'open'),
  subscription: text,
})
