import { email, statementDescriptor } from '../../../http/params/formats.ts'
import { limitedList } from '../../../http/params/limits.ts'
import {
  boolean,
  emptyable,
  integer,
  oneOf,
  oneOfWorking,
  required,
  text,
  textUpTo,
  timestamp,
  unsupported,
} from '../../../http/params/param.ts'
import { metadata, shape } from '../../../http/params/shape.ts'
import { shippingParam } from '../../payments/payment-intent-params.ts'
import { invoiceSettings } from '../../subscriptions/requests/settings-params.ts'
import { taxRatesParam } from '../../tax/rates/tax-rate.ts'

const issuer = shape({
  account: unsupported,
  type: required(oneOfWorking({ working: ['self'], gaps: ['account'] })),
})

const customFields = emptyable(
  limitedList(4, shape({ name: required(textUpTo(40)), value: required(textUpTo(140)) })),
)

/** The payment of a session in payment mode. */
export const paymentIntentData = shape({
  application_fee_amount: unsupported,
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  description: text,
  metadata,
  on_behalf_of: unsupported,
  receipt_email: email,
  setup_future_usage: oneOf('off_session', 'on_session'),
  shipping: shippingParam,
  statement_descriptor: statementDescriptor,
  statement_descriptor_suffix: statementDescriptor,
  transfer_data: unsupported,
  transfer_group: unsupported,
})

/** The setup intent of a session in setup mode. */
export const setupIntentData = shape({ description: text, metadata, on_behalf_of: unsupported })

/** The invoice after a payment in payment mode. */
export const invoiceCreation = shape({
  enabled: required(boolean),
  invoice_data: shape({
    account_tax_ids: unsupported,
    custom_fields: customFields,
    description: text,
    footer: text,
    issuer,
    metadata,
    rendering_options: emptyable(
      shape({
        amount_tax_display: emptyable(oneOf('exclude_tax', 'include_inclusive_tax')),
        template: unsupported,
      }),
    ),
  }),
})

/** The subscription of a session in subscription mode. */
export const subscriptionData = shape({
  application_fee_percent: unsupported,
  billing_cycle_anchor: timestamp,
  billing_cycle_anchor_config: shape({
    day_of_month: required(integer({ min: 1, max: 31 })),
    hour: integer({ min: 0, max: 23 }),
    minute: integer({ min: 0, max: 59 }),
    month: integer({ min: 1, max: 12 }),
    second: integer({ min: 0, max: 59 }),
  }),
  billing_mode: shape({
    flexible: shape({
      proration_discounts: oneOfWorking({ working: ['included'], gaps: ['itemized'] }),
    }),
    type: required(oneOfWorking({ working: ['flexible'], gaps: ['classic'] })),
  }),
  default_tax_rates: taxRatesParam,
  description: textUpTo(500),
  invoice_settings: invoiceSettings,
  metadata,
  on_behalf_of: unsupported,
  pending_invoice_item_interval: unsupported,
  proration_behavior: oneOf('create_prorations', 'none'),
  transfer_data: unsupported,
  trial_end: timestamp,
  trial_period_days: integer({ max: 730 }),
  trial_settings: shape({
    end_behavior: required(
      shape({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) }),
    ),
  }),
})
