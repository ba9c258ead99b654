import { listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import {
  boolean,
  either,
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

const instant = either(oneOf('now'), timestamp)

/** A phase as it is asked for. */
export const phase = shape({
  ...gaps(
    'application_fee_percent',
    'billing_thresholds',
    'default_tax_rates',
    'on_behalf_of',
    'transfer_data',
  ),
  add_invoice_items: gap,
  automatic_tax: inert,
  billing_cycle_anchor: gap,
  collection_method: gap,
  currency: text,
  default_payment_method: gap,
  description: gap,
  discounts: gap,
  duration: shape({
    interval: required(oneOf('day', 'week', 'month', 'year')),
    interval_count: integer({ min: 1 }),
  }),
  end_date: instant,
  invoice_settings: gap,
  // Named so before 2025-09-30; Stripe's command line still sends it.
  iterations: integer({ min: 1 }),
  items: required(
    listOf(
      shape({
        price: text,
        plan: text,
        quantity: integer({ min: 0 }),
        metadata,
        tax_rates: inert,
        discounts: inert,
        ...gaps('billing_thresholds', 'price_data'),
      }),
    ),
  ),
  metadata,
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  start_date: instant,
  trial: gap,
  trial_end: timestamp,
})

export type PhaseParam = ValueOf<typeof phase>

const shared = {
  default_settings: gap,
  end_behavior: oneOf('cancel', 'release'),
  metadata,
  pause_schedules: gap,
}

export const createScheduleParams = shape({
  ...shared,
  billing_mode: inert,
  customer: text,
  customer_account: gap,
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
  canceled_at: gap,
  completed_at: gap,
  customer: text,
  customer_account: gap,
  released_at: gap,
  scheduled: boolean,
})
