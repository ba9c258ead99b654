import { listFields } from '../../http/params/list-params.ts'
import {
  boolean,
  emptyable,
  gap,
  gaps,
  inert,
  integer,
  oneOf,
  required,
  text,
  timestamp,
} from '../../http/params/param.ts'
import { metadata, shape } from '../../http/params/shape.ts'

/** What an invoice has that the emulator has not. */
const missing = gaps(
  'account_tax_ids',
  'application_fee_amount',
  'automatically_finalizes_at',
  'default_source',
  'default_tax_rates',
  'effective_at',
  'issuer',
  'number',
  'on_behalf_of',
  'shipping_cost',
  'shipping_details',
  'transfer_data',
)

const shown = { payment_settings: inert, rendering: inert, statement_descriptor: inert }

export const createParams = shape({
  ...missing,
  ...shown,
  ...gaps('customer_account', 'from_invoice'),
  due_date: timestamp,
  auto_advance: boolean,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  currency: text,
  customer: required(text),
  days_until_due: integer({ min: 0 }),
  default_payment_method: text,
  description: text,
  discounts: inert,
  footer: text,
  metadata,
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
  subscription: text,
  automatic_tax: gap,
  custom_fields: gap,
})

export const updateParams = shape({
  ...missing,
  ...shown,
  ...gaps('automatic_tax', 'collection_method', 'custom_fields'),
  days_until_due: integer({ min: 0 }),
  discounts: inert,
  due_date: emptyable(timestamp),
  auto_advance: boolean,
  default_payment_method: emptyable(text),
  description: emptyable(text),
  footer: emptyable(text),
  metadata,
})

export const payParams = shape({
  forgive: gap,
  mandate: gap,
  off_session: inert,
  paid_out_of_band: boolean,
  payment_method: text,
  source: gap,
})

export const listParams = shape({
  ...listFields,
  collection_method: text,
  customer: text,
  customer_account: gap,
  due_date: timestamp,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: text,
})
