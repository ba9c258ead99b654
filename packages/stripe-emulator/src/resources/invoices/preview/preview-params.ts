import { currencyParam } from '../../../http/params/currency.ts'
import {
  boolean,
  cosmetic,
  either,
  emptyable,
  oneOf,
  oneOfWorking,
  required,
  text,
  timestamp,
  unsupported,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { listOf, metadata, shape } from '../../../http/params/shape.ts'
import { discountsParam } from '../../discounts/redeem/discount-params.ts'
import { itemChangeParam } from '../../subscriptions/items/subscription-item-params.ts'
import { billingMode, prorationBehavior } from '../../subscriptions/requests/subscription-params.ts'
import { phase } from '../../subscriptions/schedules/schedule-params.ts'
import { automaticTaxParam } from '../../tax/automatic.ts'
import { taxRatesParam } from '../../tax/rates/tax-rate.ts'
import { customerDetailsParam } from '../../tax/requests/preview-taxes.ts'
import { previewItems } from './preview-items.ts'

const flexibleOnly = cosmetic(billingMode, 'every subscription is flexible; classic is rejected')

export const previewShape = {
  automatic_tax: automaticTaxParam,
  currency: currencyParam,
  customer: text,
  customer_details: customerDetailsParam,
  ...unsupportedParams('customer_account', 'issuer', 'on_behalf_of'),
  discounts: discountsParam,
  invoice_items: previewItems,
  preview_mode: cosmetic(
    oneOfWorking({ working: ['next'], gaps: ['recurring'] }),
    "'next' is the default; 'recurring' is rejected",
  ),
  schedule: text,
  schedule_details: shape({
    billing_mode: flexibleOnly,
    end_behavior: unsupported,
    pause_schedules: unsupported,
    phases: required(listOf(phase)),
    proration_behavior: prorationBehavior,
  }),
  subscription: text,
  subscription_details: shape({
    billing_cycle_anchor: either(
      oneOf('now', 'unchanged'),
      shape({ type: required(oneOf('now', 'unchanged')), timestamp: unsupported }),
    ),
    billing_mode: flexibleOnly,
    ...unsupportedParams('billing_schedules', 'pause', 'resume_at'),
    metadata,
    cancel_at: emptyable(timestamp),
    cancel_at_period_end: boolean,
    cancel_now: unsupported,
    default_tax_rates: taxRatesParam,
    items: listOf(itemChangeParam),
    proration_behavior: prorationBehavior,
    proration_date: timestamp,
    start_date: unsupported,
    trial_end: either(oneOf('now'), timestamp),
  }),
}

export const previewParams = shape(previewShape)
