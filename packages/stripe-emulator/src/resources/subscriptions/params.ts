import { listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  either,
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
import { itemChangeParam, newItemParam } from './items-params.ts'

const taxOff = shape({ enabled: required(oneOf('false')), liability: gap })

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
  feedback_option: gap,
})

const shared = {
  add_invoice_items: gap,
  application_fee_percent: gap,
  automatic_tax: taxOff,
  billing_schedules: gap,
  billing_thresholds: gap,
  cancel_at_period_end: boolean,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: integer({ min: 0 }),
  default_payment_method: text,
  default_source: gap,
  default_tax_rates: gap,
  description: emptyable(text),
  discounts: emptyable(listOf(gap)),
  invoice_settings: gap,
  metadata,
  off_session: inert,
  on_behalf_of: gap,
  payment_behavior: oneOf(
    'allow_incomplete',
    'default_incomplete',
    'error_if_incomplete',
    'pending_if_incomplete',
  ),
  payment_settings: shape({
    payment_method_options: inert,
    payment_method_types: inert,
    save_default_payment_method: oneOf('off', 'on_subscription'),
  }),
  pending_invoice_item_interval: gap,
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  transfer_data: gap,
  trial_end: either(oneOf('now'), timestamp),
  trial_from_plan: inert,
  trial_settings: shape({
    end_behavior: required(
      shape({
        billing_cycle_anchor: gap,
        missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')),
      }),
    ),
  }),
}

const cancelAt = either(oneOf('max_period_end', 'min_period_end'), timestamp)

export const createSubscriptionParams = shape({
  ...shared,
  backdate_start_date: gap,
  billing_cycle_anchor: timestamp,
  billing_cycle_anchor_config: gap,
  billing_mode: shape({ type: required(oneOf('flexible')), flexible: inert }),
  cancel_at: cancelAt,
  currency: text,
  customer: required(text),
  customer_account: gap,
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

/** What an update of a subscription asks for. */
export type SubscriptionUpdate = ValueOf<typeof updateSubscriptionParams>

export const cancelSubscriptionParams = shape({
  cancellation_details: cancellationDetails,
  invoice_now: boolean,
  prorate: boolean,
})

export const listSubscriptionsParams = shape({
  ...listFields,
  ...gaps('automatic_tax', 'customer_account'),
  collection_method: text,
  current_period_end: gap,
  current_period_start: gap,
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
