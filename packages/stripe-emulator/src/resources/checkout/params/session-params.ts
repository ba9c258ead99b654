import { currencyParam } from '../../../http/params/currency.ts'
import { email } from '../../../http/params/formats.ts'
import { limitedList, onlyOff, pageUrl } from '../../../http/params/limits.ts'
import { listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  emptyable,
  oneOf,
  oneOfWorking,
  required,
  text,
  textUpTo,
  timestamp,
  unsupported,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { listOf, metadata, shape } from '../../../http/params/shape.ts'
import { automaticTaxParam } from '../../tax/automatic.ts'
import { collectionParams } from './collection-params.ts'
import {
  invoiceCreation,
  paymentIntentData,
  setupIntentData,
  subscriptionData,
} from './data-params.ts'
import { lineItemParams } from './line-item-params.ts'
import { lookParams } from './look-params.ts'

const paymentMethodParams = {
  allowed_payment_method_types: listOf(text),
  excluded_payment_method_types: listOf(text),
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_configuration: text,
  payment_method_data: shape({ allow_redisplay: oneOf('always', 'limited', 'unspecified') }),
  payment_method_options: shape({
    card: shape({
      ...unsupportedParams('capture_method', 'installments', 'request_extended_authorization'),
      ...unsupportedParams('request_incremental_authorization', 'request_multicapture'),
      ...unsupportedParams('request_decremental_authorization', 'request_overcapture'),
      ...unsupportedParams('request_partial_authorization', 'restrictions', 'setup_future_usage'),
      ...unsupportedParams('statement_descriptor_suffix_kana', 'statement_descriptor_suffix_kanji'),
      request_three_d_secure: oneOfWorking({
        working: ['automatic'],
        gaps: ['any', 'challenge'],
      }),
    }),
    ...unsupportedParams('acss_debit', 'affirm', 'afterpay_clearpay', 'alipay', 'alma'),
    ...unsupportedParams('amazon_pay', 'au_becs_debit', 'bacs_debit', 'bancontact', 'billie'),
    ...unsupportedParams('blik', 'boleto', 'cashapp', 'crypto', 'customer_balance', 'demo_pay'),
    ...unsupportedParams('eps', 'fpx', 'giropay', 'grabpay', 'ideal', 'kakao_pay', 'klarna'),
    ...unsupportedParams('konbini', 'kr_card', 'link', 'mobilepay', 'multibanco', 'naver_pay'),
    ...unsupportedParams('oxxo', 'p24', 'pay_by_bank', 'payco', 'paynow', 'paypal', 'payto'),
    ...unsupportedParams('pix', 'revolut_pay', 'samsung_pay', 'satispay', 'scalapay'),
    ...unsupportedParams('sepa_debit', 'sequra', 'sofort', 'sunbit', 'swish', 'twint', 'upi'),
    ...unsupportedParams('us_bank_account', 'wechat_pay'),
  }),
  // Named so before 2026-09-30; Stripe's command line still sends it.
  payment_method_types: listOf(text),
  saved_payment_method_options: shape({
    allow_redisplay_filters: listOf(oneOf('always', 'limited', 'unspecified')),
    payment_method_remove: oneOfWorking({ working: ['disabled'], gaps: ['enabled'] }),
    payment_method_save: oneOf('disabled', 'enabled'),
  }),
}

const discount = shape({ coupon: text, promotion_code: text })

export const createSessionParams = shape({
  ...collectionParams,
  ...lineItemParams,
  ...lookParams,
  ...paymentMethodParams,
  after_expiration: shape({
    recovery: shape({ allow_promotion_codes: boolean, enabled: required(boolean) }),
  }),
  allow_promotion_codes: boolean,
  automatic_tax: automaticTaxParam,
  cancel_url: pageUrl,
  client_reference_id: textUpTo(200),
  currency: currencyParam,
  customer: text,
  customer_account: unsupported,
  customer_creation: oneOf('always', 'if_required'),
  customer_email: email,
  discounts: emptyable(limitedList(1, discount)),
  expires_at: timestamp,
  invoice_creation: invoiceCreation,
  managed_payments: shape({ enabled: onlyOff }),
  metadata,
  mode: oneOf('payment', 'setup', 'subscription'),
  payment_intent_data: paymentIntentData,
  permissions: unsupported,
  redirect_on_completion: oneOf('always', 'if_required', 'never'),
  return_url: pageUrl,
  setup_intent_data: setupIntentData,
  subscription_data: subscriptionData,
  success_url: pageUrl,
  ui_mode: oneOfWorking({
    working: ['hosted_page', 'embedded_page'],
    gaps: ['elements', 'form'],
  }),
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
  payment_link: unsupported,
  status: oneOf('complete', 'expired', 'open'),
  subscription: text,
})
