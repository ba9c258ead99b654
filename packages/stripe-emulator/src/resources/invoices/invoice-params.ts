import type { Invoice } from '../../documents.ts'
import { currencyParam } from '../../http/params/currency.ts'
import { listFields, rangeParam } from '../../http/params/list-params.ts'
import {
  boolean,
  emptyable,
  integer,
  oneOf,
  oneOfWorking,
  required,
  text,
  timestamp,
  unsupported,
  unsupportedParams,
} from '../../http/params/param.ts'
import type { Searchable } from '../../http/params/search-params.ts'
import { metadata, shape } from '../../http/params/shape.ts'
import { discountsParam } from '../discounts/redeem/discount-params.ts'
import { automaticTaxParam } from '../tax/automatic.ts'
import { taxRatesParam } from '../tax/rates/tax-rate.ts'
import { ownFields } from './draft/own-fields.ts'
import { subscriptionOf } from './invoice.ts'

const unsupportedOnes = unsupportedParams('account_tax_ids')

export const createParams = shape({
  ...ownFields,
  ...unsupportedOnes,
  ...unsupportedParams('customer_account', 'from_invoice'),
  auto_advance: boolean,
  automatically_finalizes_at: timestamp,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  currency: currencyParam,
  customer: required(text),
  days_until_due: integer({ min: 0 }),
  default_payment_method: text,
  description: text,
  discounts: discountsParam,
  due_date: timestamp,
  metadata,
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
  subscription: text,
  automatic_tax: automaticTaxParam,
  default_tax_rates: taxRatesParam,
})

export const updateParams = shape({
  ...ownFields,
  ...unsupportedOnes,
  automatic_tax: automaticTaxParam,
  default_tax_rates: taxRatesParam,
  auto_advance: boolean,
  automatically_finalizes_at: timestamp,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: integer({ min: 0 }),
  default_payment_method: emptyable(text),
  description: emptyable(text),
  discounts: discountsParam,
  due_date: emptyable(timestamp),
  metadata,
})

export const payParams = shape({
  forgive: unsupported,
  mandate: unsupported,
  off_session: oneOfWorking({ working: ['true'], gaps: ['false'] }),
  paid_out_of_band: boolean,
  payment_method: text,
  source: unsupported,
})

export const listParams = shape({
  ...listFields,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  customer: text,
  customer_account: unsupported,
  due_date: rangeParam,
  status: oneOf('draft', 'open', 'void', 'paid', 'uncollectible'),
  subscription: text,
})

/** The fields of an invoice that a search can ask for (docs.stripe.com/search). */
export const searchableInvoices: Searchable<Invoice> = {
  resource: 'invoices',
  fields: {
    created: { type: 'numeric', of: (invoice) => invoice.created },
    currency: { type: 'token', of: (invoice) => invoice.currency },
    customer: { type: 'token', of: (invoice) => invoice.customer },
    last_finalization_error_code: { type: 'token', of: () => null },
    last_finalization_error_type: { type: 'token', of: () => null },
    number: { type: 'string', of: (invoice) => invoice.number },
    receipt_number: { type: 'string', of: (invoice) => invoice.receipt_number },
    status: { type: 'string', of: (invoice) => invoice.status },
    subscription: { type: 'string', of: subscriptionOf },
    total: { type: 'numeric', of: (invoice) => invoice.total },
  },
}
