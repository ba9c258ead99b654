import { currencyParam } from '../../../http/params/currency.ts'
import { listFields, rangeParam } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
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
import { recurringPriceData } from '../../catalog/inline-price.ts'
import { discountsParam } from '../../discounts/redeem/discount-params.ts'
import { automaticTaxParam } from '../../tax/automatic.ts'
import { taxRatesParam } from '../../tax/rates/tax-rate.ts'
import { phaseAddedItemsParam } from '../items/added-items.ts'
import { invoiceSettingsFields } from '../requests/settings-params.ts'
import { billingMode, prorationBehavior } from '../requests/subscription-params.ts'

const instant = either(oneOf('now'), timestamp)

const invoiceSettingsOfPhase = { ...invoiceSettingsFields, days_until_due: integer({ min: 0 }) }

const invoiceSettings = shape(invoiceSettingsOfPhase)

/** What a phase and the default settings of a schedule both say. */
const settings = {
  ...unsupportedParams(
    'application_fee_percent',
    'billing_thresholds',
    'on_behalf_of',
    'transfer_data',
  ),
  automatic_tax: automaticTaxParam,
  billing_cycle_anchor: oneOf('automatic', 'phase_start'),
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  default_payment_method: text,
  description: emptyable(textUpTo(500)),
  invoice_settings: invoiceSettings,
}

const phaseFields = {
  ...settings,
  add_invoice_items: phaseAddedItemsParam,
  currency: currencyParam,
  default_tax_rates: taxRatesParam,
  discounts: discountsParam,
  duration: shape({
    interval: required(oneOf('day', 'week', 'month', 'year')),
    interval_count: integer({ min: 1 }),
  }),
  end_date: timestamp,
  // Named so before 2025-09-30; Stripe's command line still sends it.
  iterations: integer({ min: 1 }),
  items: required(
    listOf(
      shape({
        ...unsupportedParams('billing_thresholds'),
        discounts: discountsParam,
        tax_rates: taxRatesParam,
        price_data: recurringPriceData,
        metadata,
        plan: text,
        price: text,
        quantity: integer({ min: 0 }),
      }),
    ),
  ),
  metadata,
  proration_behavior: prorationBehavior,
  trial: boolean,
  trial_end: timestamp,
}

/** A phase of a new schedule: it begins where the one before it ends. */
export const newPhase = shape(phaseFields)

const datedFields = {
  ...phaseFields,
  end_date: instant,
  start_date: instant,
  trial_end: instant,
}

/** A phase of an update: it may name its start. */
export const phase = shape(datedFields)

const { account_tax_ids, days_until_due, issuer } = invoiceSettingsOfPhase

/** A phase of a preview: its invoice has no texts. */
export const previewPhase = shape({
  ...datedFields,
  invoice_settings: shape({ account_tax_ids, days_until_due, issuer }),
})

export type PhaseParam = ValueOf<typeof phase>

/** What happens with the subscription at the end of its schedule. */
export const endBehavior = oneOfWorking({
  working: ['cancel', 'release'],
  gaps: ['none', 'renew'],
})

const shared = {
  default_settings: shape(settings),
  end_behavior: endBehavior,
  metadata,
  pause_schedules: unsupported,
}

export type DefaultSettingsParam = ValueOf<typeof shared.default_settings>

export const createScheduleParams = shape({
  ...shared,
  billing_mode: billingMode,
  customer: text,
  customer_account: unsupported,
  from_subscription: text,
  phases: listOf(newPhase),
  start_date: instant,
})

export type ScheduleCreation = ValueOf<typeof createScheduleParams>

export const updateScheduleParams = shape({
  ...shared,
  phases: listOf(phase),
  proration_behavior: prorationBehavior,
})

export type ScheduleUpdate = ValueOf<typeof updateScheduleParams>

export const cancelScheduleParams = shape({ invoice_now: boolean, prorate: boolean })

export const releaseScheduleParams = shape({ preserve_cancel_date: boolean })

export const listSchedulesParams = shape({
  ...listFields,
  canceled_at: rangeParam,
  completed_at: rangeParam,
  customer: text,
  customer_account: unsupported,
  released_at: rangeParam,
  scheduled: boolean,
})
