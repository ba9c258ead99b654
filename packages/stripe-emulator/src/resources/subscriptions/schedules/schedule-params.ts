import { listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  either,
  ignored,
  integer,
  oneOf,
  required,
  text,
  timestamp,
  unsupported,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { listOf, metadata, shape } from '../../../http/params/shape.ts'
import { discountsParam } from '../../discounts/redeem/discount-params.ts'

const instant = either(oneOf('now'), timestamp)

/** The parameters of a phase. */
export const phase = shape({
  ...unsupportedParams(
    'application_fee_percent',
    'billing_thresholds',
    'default_tax_rates',
    'on_behalf_of',
    'transfer_data',
  ),
  add_invoice_items: unsupported,
  automatic_tax: ignored,
  billing_cycle_anchor: unsupported,
  collection_method: unsupported,
  currency: text,
  default_payment_method: unsupported,
  description: unsupported,
  discounts: discountsParam,
  duration: shape({
    interval: required(oneOf('day', 'week', 'month', 'year')),
    interval_count: integer({ min: 1 }),
  }),
  end_date: instant,
  invoice_settings: unsupported,
  // Named so before 2025-09-30; Stripe's command line still sends it.
  iterations: integer({ min: 1 }),
  items: required(
    listOf(
      shape({
        price: text,
        plan: text,
        quantity: integer({ min: 0 }),
        metadata,
        tax_rates: ignored,
        discounts: discountsParam,
        ...unsupportedParams('billing_thresholds', 'price_data'),
      }),
    ),
  ),
  metadata,
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  start_date: instant,
  trial: unsupported,
  trial_end: timestamp,
})

export type PhaseParam = ValueOf<typeof phase>

const shared = {
  default_settings: unsupported,
  end_behavior: oneOf('cancel', 'release'),
  metadata,
  pause_schedules: unsupported,
}

export const createScheduleParams = shape({
  ...shared,
  billing_mode: ignored,
  customer: text,
  customer_account: unsupported,
  from_subscription: text,
  phases: listOf(phase),
  start_date: instant,
})

export const updateScheduleParams = shape({
  ...shared,
  phases: listOf(phase),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
})

export const cancelScheduleParams = shape({ invoice_now: oneOf('false'), prorate: boolean })

export const releaseScheduleParams = shape({ preserve_cancel_date: boolean })

export const listSchedulesParams = shape({
  ...listFields,
  canceled_at: unsupported,
  completed_at: unsupported,
  customer: text,
  customer_account: unsupported,
  released_at: unsupported,
  scheduled: boolean,
})
