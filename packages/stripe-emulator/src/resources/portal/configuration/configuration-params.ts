import { limitedList, onlyOff, pageUrl } from '../../../http/params/limits.ts'
import type { Param, ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  emptyable,
  integer,
  oneOf,
  oneOfWorking,
  required,
  text,
  textUpTo,
  unsupported,
} from '../../../http/params/param.ts'
import { listOf, metadata, shape } from '../../../http/params/shape.ts'
import {
  CANCELLATION_REASONS,
  prorationBehavior,
} from '../../subscriptions/requests/subscription-params.ts'

const products = limitedList(
  10,
  shape({
    adjustable_quantity: shape({
      enabled: required(boolean),
      maximum: integer({ min: 1 }),
      minimum: integer({ min: 0 }),
    }),
    prices: required(listOf(text)),
    product: required(text),
  }),
)

/** The features of a portal; `enabled` is required where a configuration is created. */
function featuresWith<E extends Param<boolean>>(enabled: E) {
  return shape({
    customer_update: shape({
      allowed_updates: emptyable(
        listOf(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id')),
      ),
      enabled,
    }),
    invoice_history: shape({ enabled: required(boolean) }),
    payment_method_update: shape({
      enabled: required(boolean),
      payment_method_configuration: unsupported,
    }),
    subscription_cancel: shape({
      cancellation_reason: shape({
        enabled: required(boolean),
        feedback_options: unsupported,
        options: required(emptyable(listOf(oneOf(...CANCELLATION_REASONS)))),
      }),
      enabled,
      mode: oneOf('at_period_end', 'immediately'),
      proration_behavior: prorationBehavior,
    }),
    subscription_pause: shape({ duration: unsupported, enabled: onlyOff }),
    subscription_update: shape({
      billing_cycle_anchor: oneOf('now', 'unchanged'),
      default_allowed_updates: emptyable(
        listOf(oneOfWorking({ working: ['price', 'quantity'], gaps: ['promotion_code'] })),
      ),
      enabled,
      products: emptyable(products),
      proration_behavior: prorationBehavior,
      schedule_at_period_end: shape({ conditions: unsupported }),
      trial_update_behavior: oneOf('continue_trial', 'end_trial'),
    }),
  })
}

const fields = {
  business_profile: shape({
    headline: emptyable(textUpTo(60)),
    privacy_policy_url: emptyable(pageUrl),
    terms_of_service_url: emptyable(pageUrl),
  }),
  default_return_url: emptyable(pageUrl),
  login_page: shape({ enabled: required(boolean) }),
  metadata,
  name: emptyable(text),
}

const changedFeatures = featuresWith(boolean)

export const createConfigurationParams = shape({
  ...fields,
  features: required(featuresWith(required(boolean))),
})
export const updateConfigurationParams = shape({
  ...fields,
  active: boolean,
  features: changedFeatures,
})

export type ConfigurationChange = ValueOf<typeof updateConfigurationParams>
export type FeaturesChange = ValueOf<typeof changedFeatures>
