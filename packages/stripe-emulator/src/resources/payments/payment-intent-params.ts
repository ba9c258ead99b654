import { currencyParam } from '../../http/params/currency.ts'
import { email, statementDescriptor } from '../../http/params/formats.ts'
import { listFields } from '../../http/params/list-params.ts'
import {
  boolean,
  connectOnly,
  cosmetic,
  either,
  emptyable,
  integer,
  oneOf,
  oneOfWorking,
  required,
  text,
  unsupported,
  unsupportedParams,
} from '../../http/params/param.ts'
import { listOf, metadata, shape } from '../../http/params/shape.ts'
import { unsupportedTypes } from './methods/unsupported-types.ts'

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

/** When 3-D Secure is asked for: only where the card requires it. */
export const threeDSecure = oneOfWorking({ working: ['automatic'], gaps: ['any', 'challenge'] })

const paymentMethodOptions = shape({
  ...unsupportedTypes,
  ...unsupportedParams('card_present', 'kr_card'),
  card: emptyable(
    shape({
      ...unsupportedParams(
        'capture_method',
        'cvc_token',
        'installments',
        'mandate_options',
        'moto',
        'network',
        'request_extended_authorization',
        'request_incremental_authorization',
        'request_multicapture',
        'request_overcapture',
        'require_cvc_recollection',
        'setup_credential_usage',
        'setup_future_usage',
        'statement_descriptor_suffix_kana',
        'statement_descriptor_suffix_kanji',
        'stored_credential_usage',
        'three_d_secure',
      ),
      request_three_d_secure: threeDSecure,
    }),
  ),
})

const paymentDetails = emptyable(
  shape({ customer_reference: emptyable(text), order_reference: emptyable(text) }),
)

const captureMethod = oneOf('automatic', 'automatic_async', 'manual')

const payable = {
  ...unsupportedParams(
    'amount_details',
    'customer_account',
    'excluded_payment_method_types',
    'hooks',
    'payment_method_configuration',
    'payment_method_data',
  ),
  allowed_payment_method_types: listOf(text),
  application_fee_amount: connectOnly,
  capture_method: captureMethod,
  customer: text,
  description: text,
  metadata,
  payment_details: paymentDetails,
  payment_method: text,
  payment_method_options: paymentMethodOptions,
  // Named so before 2026-09-30; Stripe's command line still sends it.
  payment_method_types: listOf(text),
  receipt_email: emptyable(email),
  setup_future_usage: emptyable(oneOf('off_session', 'on_session')),
  shipping: emptyable(shippingParam),
  statement_descriptor: statementDescriptor,
  statement_descriptor_suffix: statementDescriptor,
  transfer_data: connectOnly,
  transfer_group: connectOnly,
}

const confirmation = {
  ...unsupportedParams('confirmation_token', 'mandate', 'mandate_data'),
  error_on_requires_action: boolean,
  off_session: either(boolean, oneOf('one_off', 'recurring')),
  radar_options: cosmetic(
    shape({ referrer: emptyable(text), session: text }),
    'the session of a browser, for checks against fraud that do not run here',
  ),
  return_url: text,
  use_stripe_sdk: boolean,
}

export const createIntentParams = shape({
  ...payable,
  ...confirmation,
  amount: required(integer()),
  automatic_payment_methods: shape({
    allow_redirects: oneOf('always', 'never'),
    enabled: required(boolean),
  }),
  confirm: boolean,
  confirmation_method: oneOf('automatic', 'manual'),
  currency: required(currencyParam),
  on_behalf_of: connectOnly,
})

export const updateIntentParams = shape({ ...payable, amount: integer(), currency: currencyParam })

export const confirmIntentParams = shape({
  ...confirmation,
  ...unsupportedParams(
    'amount_details',
    'amount_to_confirm',
    'excluded_payment_method_types',
    'hooks',
    'payment_method_data',
  ),
  allowed_payment_method_types: payable.allowed_payment_method_types,
  capture_method: captureMethod,
  payment_details: paymentDetails,
  payment_method: text,
  payment_method_options: paymentMethodOptions,
  payment_method_types: payable.payment_method_types,
  receipt_email: payable.receipt_email,
  setup_future_usage: payable.setup_future_usage,
  shipping: payable.shipping,
})

export const captureIntentParams = shape({
  ...unsupportedParams('amount_details', 'hooks'),
  amount_to_capture: integer(),
  application_fee_amount: connectOnly,
  final_capture: oneOfWorking({ working: ['true'], gaps: ['false'] }),
  metadata,
  payment_details: paymentDetails,
  statement_descriptor: statementDescriptor,
  statement_descriptor_suffix: statementDescriptor,
  transfer_data: connectOnly,
})

export const cancelIntentParams = shape({
  cancellation_reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'),
})

export const listIntentsParams = shape({
  ...listFields,
  customer: text,
  customer_account: unsupported,
})
