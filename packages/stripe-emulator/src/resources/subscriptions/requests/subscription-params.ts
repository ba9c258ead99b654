import { currencyParam } from '../../../http/params/currency.ts'
import { listFields, rangeParam } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  cosmetic,
  either,
  emptyable,
  integer,
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
import { discountsParam } from '../../discounts/redeem/discount-params.ts'
import { automaticTaxParam } from '../../tax/automatic.ts'
import { taxRatesParam } from '../../tax/rates/tax-rate.ts'
import { addedItemsParam } from '../items/added-items.ts'
import { itemChangeParam, newItemParam } from '../items/subscription-item-params.ts'
import { invoiceSettings, paymentSettings } from './settings-params.ts'

/** Why a customer cancels. */
export const CANCELLATION_REASONS = [
  'customer_service',
  'low_quality',
  'missing_features',
  'other',
  'switched_service',
  'too_complex',
  'too_expensive',
  'unused',
] as const

export const cancellationDetails = shape({
  comment: emptyable(text),
  feedback: emptyable(oneOf(...CANCELLATION_REASONS)),
  feedback_option: unsupported,
})

/** Whether the customer is there. The issuers of the test cards ask for 3-D Secure either way. */
export const offSession = cosmetic(
  boolean,
  'tells the bank that the customer is away; a test card asks for 3-D Secure either way (recorded)',
)

export const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none')

export const paymentBehavior = oneOf(
  'allow_incomplete',
  'pending_if_incomplete',
  'error_if_incomplete',
  'default_incomplete',
)

export const cancelAt = either(
  oneOfWorking({ working: ['max_period_end', 'min_period_end'], gaps: ['max_billed_until'] }),
  timestamp,
)

/** How often pending items are invoiced between renewals. */
const pendingInterval = shape({
  interval: required(oneOf('day', 'month', 'week', 'year')),
  interval_count: integer({ min: 1 }),
})

const shared = {
  add_invoice_items: addedItemsParam,
  application_fee_percent: unsupported,
  automatic_tax: automaticTaxParam,
  billing_schedules: unsupported,
  billing_thresholds: unsupported,
  cancel_at_period_end: boolean,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: integer({ min: 0 }),
  default_payment_method: emptyable(text),
  default_source: emptyable(text),
  default_tax_rates: taxRatesParam,
  description: emptyable(textUpTo(500)),
  discounts: discountsParam,
  invoice_settings: invoiceSettings,
  metadata,
  off_session: offSession,
  on_behalf_of: unsupported,
  payment_behavior: paymentBehavior,
  payment_settings: paymentSettings,
  pending_invoice_item_interval: emptyable(pendingInterval),
  proration_behavior: prorationBehavior,
  transfer_data: unsupported,
  trial_end: either(oneOf('now'), timestamp),
  trial_from_plan: boolean,
  trial_settings: shape({
    end_behavior: required(
      shape({
        billing_cycle_anchor: oneOf('now', 'unchanged'),
        missing_payment_method: oneOf('cancel', 'create_invoice', 'pause'),
      }),
    ),
  }),
}

export const billingMode = shape({
  flexible: shape({
    proration_discounts: oneOfWorking({ working: ['included'], gaps: ['itemized'] }),
  }),
  type: required(oneOfWorking({ working: ['flexible'], gaps: ['classic'] })),
})

export const createSubscriptionParams = shape({
  ...shared,
  backdate_start_date: timestamp,
  billing_cycle_anchor: timestamp,
  billing_cycle_anchor_config: shape({
    day_of_month: required(integer({ min: 1, max: 31 })),
    hour: integer({ min: 0, max: 23 }),
    minute: integer({ min: 0, max: 59 }),
    month: integer({ min: 1, max: 12 }),
    second: integer({ min: 0, max: 59 }),
  }),
  billing_mode: billingMode,
  cancel_at: cancelAt,
  currency: currencyParam,
  customer: required(text),
  customer_account: unsupported,
  items: required(listOf(newItemParam)),
  trial_period_days: integer({ min: 1 }),
})

export type SubscriptionCreation = ValueOf<typeof createSubscriptionParams>

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
  ...unsupportedParams('customer_account'),
  automatic_tax: shape({ enabled: required(boolean) }),
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  current_period_end: rangeParam,
  current_period_start: rangeParam,
  customer: text,
  plan: text,
  price: text,
  status: oneOf(
    'active',
    'past_due',
    'unpaid',
    'canceled',
    'incomplete',
    'incomplete_expired',
    'trialing',
    'paused',
    'all',
    'ended',
  ),
  test_clock: text,
})
