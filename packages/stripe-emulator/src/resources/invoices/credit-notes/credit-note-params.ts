import { listFields, paginationFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  cosmetic,
  emptyable,
  integer,
  oneOf,
  oneOfWorking,
  required,
  text,
  timestamp,
  unsupported,
} from '../../../http/params/param.ts'
import { listOf, metadata, shape } from '../../../http/params/shape.ts'
import { taxRatesParam } from '../../tax/rates/tax-rate.ts'
import { decimalParam } from './decimal.ts'

const line = shape({
  amount: integer({ min: 0 }),
  description: text,
  invoice_line_item: text,
  metadata,
  quantity: integer({ min: 1 }),
  tax_amounts: emptyable(
    listOf(
      shape({
        amount: required(integer()),
        tax_rate: required(text),
        taxable_amount: required(integer()),
      }),
    ),
  ),
  tax_rates: taxRatesParam,
  type: required(oneOf('custom_line_item', 'invoice_line_item')),
  unit_amount: integer(),
  unit_amount_decimal: decimalParam,
})

const refund = shape({
  amount_refunded: integer({ min: 1 }),
  payment_record_refund: unsupported,
  refund: text,
  type: oneOfWorking({ working: ['refund'], gaps: ['payment_record_refund'] }),
})

const fields = {
  amount: integer({ min: 1 }),
  credit_amount: integer({ min: 0 }),
  effective_at: timestamp,
  email_type: cosmetic(oneOf('credit_note', 'none'), 'the emulator sends no e-mail'),
  invoice: required(text),
  lines: listOf(line),
  memo: text,
  metadata,
  out_of_band_amount: integer({ min: 0 }),
  reason: oneOf('duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'),
  refund_amount: integer({ min: 0 }),
  refunds: listOf(refund),
  shipping_cost: unsupported,
}

export const createParams = shape(fields)

export const previewLinesParams = shape({ ...fields, ...paginationFields })

export const updateParams = shape({ memo: text, metadata })

export const listParams = shape({
  ...listFields,
  customer: text,
  customer_account: unsupported,
  invoice: text,
})

export type CreditNoteParams = ValueOf<typeof createParams>
export type CreditNoteLineParam = ValueOf<typeof line>
