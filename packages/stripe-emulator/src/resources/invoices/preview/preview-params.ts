import { currencyParam } from '../../../http/params/currency.ts'
import type { ValueOf } from '../../../http/params/param.ts'
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
import { pauseParams } from '../../subscriptions/pause/pause.ts'
import {
  billingMode,
  cancelAt,
  prorationBehavior,
} from '../../subscriptions/requests/subscription-params.ts'
import { endBehavior, previewPhase } from '../../subscriptions/schedules/schedule-params.ts'
import { automaticTaxParam } from '../../tax/automatic.ts'
import { taxRatesParam } from '../../tax/rates/tax-rate.ts'
import { customerDetailsParam } from '../../tax/requests/preview-customer.ts'
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
    end_behavior: endBehavior,
    pause_schedules: unsupported,
    phases: listOf(previewPhase),
    proration_behavior: prorationBehavior,
  }),
  subscription: text,
  subscription_details: shape({
    billing_cycle_anchor: shape({
      type: required(oneOf('now', 'timestamp', 'unchanged')),
      timestamp,
    }),
    billing_mode: flexibleOnly,
    billing_schedules: unsupported,
    metadata,
    cancel_at: emptyable(cancelAt),
    cancel_at_period_end: boolean,
    cancel_now: boolean,
    default_tax_rates: taxRatesParam,
    items: listOf(itemChangeParam),
    pause: pauseParams,
    proration_behavior: prorationBehavior,
    proration_date: timestamp,
    resume_at: oneOf('now'),
    start_date: timestamp,
    trial_end: either(oneOf('now'), timestamp),
  }),
}

export const previewParams = shape(previewShape)

/** The parameters of a preview. */
export type PreviewParams = ValueOf<typeof previewParams>
