import { currencyParam } from '../../http/params/currency.ts'
import { listFields } from '../../http/params/list-params.ts'
import {
  boolean,
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
import { metadata, shape } from '../../http/params/shape.ts'
import { automaticTaxParam } from '../tax/automatic.ts'
import { taxRatesParam } from '../tax/rates/tax-rate.ts'

/** Parameters of an invoice that are not emulated. */
const unsupportedOnes = unsupportedParams(
  'account_tax_ids',
  'application_fee_amount',
  'automatically_finalizes_at',
  'default_source',
  'effective_at',
  'issuer',
  'number',
  'on_behalf_of',
  'shipping_cost',
  'shipping_details',
  'transfer_data',
)

const ignoredOnes = { payment_settings: ignored, rendering: ignored, statement_descriptor: ignored }

export const createParams = shape({
  ...unsupportedOnes,
  ...ignoredOnes,
  ...unsupportedParams('customer_account', 'from_invoice'),
  due_date: timestamp,
  auto_advance: boolean,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  currency: currencyParam,
  customer: required(text),
  days_until_due: integer({ min: 0 }),
  default_payment_method: text,
  description: text,
  discounts: ignored,
  footer: text,
  metadata,
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
  subscription: text,
  automatic_tax: automaticTaxParam,
  default_tax_rates: taxRatesParam,
  custom_fields: unsupported,
})

export const updateParams = shape({
  ...unsupportedOnes,
  ...ignoredOnes,
  ...unsupportedParams('collection_method', 'custom_fields'),
  automatic_tax: automaticTaxParam,
  default_tax_rates: taxRatesParam,
  days_until_due: integer({ min: 0 }),
  discounts: ignored,
  due_date: emptyable(timestamp),
  auto_advance: boolean,
  default_payment_method: emptyable(text),
  description: emptyable(text),
  footer: emptyable(text),
  metadata,
})

export const payParams = shape({
  forgive: unsupported,
  mandate: unsupported,
  off_session: ignored,
  paid_out_of_band: boolean,
  payment_method: text,
  source: unsupported,
})

export const listParams = shape({
  ...listFields,
  collection_method: text,
  customer: text,
  customer_account: unsupported,
  due_date: timestamp,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: text,
})
