import { currencyParam } from '../../http/params/currency.ts'
import { listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  either,
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
import { discountsParam } from '../discounts/redeem/discount-params.ts'
import { automaticTaxParam } from '../tax/automatic.ts'
import { taxRatesParam } from '../tax/rates/tax-rate.ts'
import { itemChangeParam, newItemParam } from './items/subscription-item-params.ts'

const feedback = oneOf(
  'customer_service',
  'low_quality',
  'missing_features',
  'other',
  'switched_service',
  'too_complex',
  'too_expensive',
  'unused',
)

export const cancellationDetails = shape({
  comment: emptyable(text),
  feedback: emptyable(feedback),
  feedback_option: unsupported,
})

const shared = {
  add_invoice_items: unsupported,
  application_fee_percent: unsupported,
  automatic_tax: automaticTaxParam,
  billing_schedules: unsupported,
  billing_thresholds: unsupported,
  cancel_at_period_end: boolean,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: integer({ min: 0 }),
  default_payment_method: text,
  default_source: unsupported,
  default_tax_rates: taxRatesParam,
  description: emptyable(text),
  discounts: discountsParam,
  invoice_settings: unsupported,
  metadata,
  off_session: ignored,
  on_behalf_of: unsupported,
  payment_behavior: oneOf(
    'allow_incomplete',
    'default_incomplete',
    'error_if_incomplete',
    'pending_if_incomplete',
  ),
  payment_settings: shape({
    payment_method_options: ignored,
    payment_method_types: ignored,
    save_default_payment_method: oneOf('off', 'on_subscription'),
  }),
  pending_invoice_item_interval: unsupported,
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  transfer_data: unsupported,
  trial_end: either(oneOf('now'), timestamp),
  trial_from_plan: ignored,
  trial_settings: shape({
    end_behavior: required(
      shape({
        billing_cycle_anchor: unsupported,
        missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')),
      }),
    ),
  }),
}

const cancelAt = either(oneOf('max_period_end', 'min_period_end'), timestamp)

export const createSubscriptionParams = shape({
  ...shared,
  backdate_start_date: unsupported,
  billing_cycle_anchor: timestamp,
  billing_cycle_anchor_config: unsupported,
  billing_mode: shape({ type: required(oneOf('flexible')), flexible: ignored }),
  cancel_at: cancelAt,
  currency: currencyParam,
  customer: required(text),
  customer_account: unsupported,
  items: required(listOf(newItemParam)),
  trial_period_days: integer({ min: 1, max: 730 }),
})

export const updateSubscriptionParams = shape({
  ...shared,
  billing_cycle_anchor: shape({ type: required(oneOf('now', 'unchanged')) }),
  cancel_at: emptyable(cancelAt),
  cancellation_details: cancellationDetails,
  items: listOf(itemChangeParam),
  pause_collection: emptyable(
    shape({
      behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')),
      resumes_at: timestamp,
    }),
  ),
  proration_date: timestamp,
})

/** The parameters of an update of a subscription. */
export type SubscriptionUpdate = ValueOf<typeof updateSubscriptionParams>

export const cancelSubscriptionParams = shape({
  cancellation_details: cancellationDetails,
  invoice_now: boolean,
  prorate: boolean,
})

export const listSubscriptionsParams = shape({
  ...listFields,
  ...unsupportedParams('automatic_tax', 'customer_account'),
  collection_method: text,
  current_period_end: unsupported,
  current_period_start: unsupported,
  customer: text,
  plan: text,
  price: text,
  status: oneOf(
    'active',
    'all',
    'canceled',
    'ended',
    'incomplete',
    'incomplete_expired',
    'past_due',
    'paused',
    'trialing',
    'unpaid',
  ),
  test_clock: text,
})
