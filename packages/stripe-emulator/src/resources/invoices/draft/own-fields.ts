import { recipientOf } from '../../../core/address.ts'
import type { Invoice } from '../../../documents.ts'
import { statementDescriptor } from '../../../http/params/formats.ts'
import { limitedList } from '../../../http/params/limits.ts'
import {
  connectOnly,
  connectParams,
  emptyable,
  oneOf,
  oneOfWorking,
  required,
  text,
  textUpTo,
  timestamp,
  unsupportedParams,
} from '../../../http/params/param.ts'
import type { ShapeOf } from '../../../http/params/shape.ts'
import { listOf, shape } from '../../../http/params/shape.ts'
import { addressParam } from '../../customers/customer-params.ts'
import { requireCardType } from '../../payments/open-intent.ts'

/** The parameters of an invoice that are stored as they are given, and those of their kind that are not emulated. */
export const ownFields = {
  ...connectParams('application_fee_amount', 'on_behalf_of', 'transfer_data'),
  ...unsupportedParams('default_source', 'shipping_cost'),
  custom_fields: emptyable(
    limitedList(4, shape({ name: required(textUpTo(40)), value: required(textUpTo(140)) })),
  ),
  effective_at: emptyable(timestamp),
  footer: emptyable(textUpTo(5000)),
  issuer: shape({
    account: connectOnly,
    type: required(oneOfWorking({ working: ['self'], gaps: ['account'] })),
  }),
  number: emptyable(textUpTo(26)),
  payment_settings: shape({
    ...unsupportedParams('default_mandate', 'payment_method_options'),
    payment_method_types: emptyable(listOf(text)),
  }),
  rendering: shape({
    ...unsupportedParams('template', 'template_version'),
    amount_tax_display: emptyable(oneOf('exclude_tax', 'include_inclusive_tax')),
    pdf: shape({ page_size: oneOf('a4', 'auto', 'letter') }),
  }),
  shipping_details: emptyable(
    shape({ address: required(addressParam), name: required(text), phone: emptyable(text) }),
  ),
  statement_descriptor: statementDescriptor,
}

type Given = ShapeOf<typeof ownFields>

/** The fields of an invoice after a change of its own fields. Throws 400. */
export function changedFields(invoice: Invoice, given: Given): Partial<Invoice> {
  const { custom_fields, effective_at, footer, issuer, number, shipping_details: shipping } = given
  const descriptor = given.statement_descriptor
  return {
    ...(custom_fields === undefined ? {} : { custom_fields }),
    ...(effective_at === undefined ? {} : { effective_at }),
    ...(footer === undefined ? {} : { footer }),
    ...(issuer === undefined ? {} : { issuer: { type: issuer.type } }),
    ...(number === undefined ? {} : { number }),
    ...paymentSettings(invoice, given),
    ...rendering(invoice, given),
    ...(shipping === undefined ? {} : { shipping_details: shipping && recipientOf(shipping) }),
    ...(descriptor === undefined ? {} : { statement_descriptor: descriptor }),
  }
}

/** The payment settings after a change. Throws 400 for a way of payment that is not emulated. */
export function paymentSettings(
  { payment_settings: before }: Invoice,
  { payment_settings: given }: Pick<Given, 'payment_settings'>,
): Partial<Invoice> {
  const types = given?.payment_method_types
  if (types === undefined) return {}
  requireCardType(types ?? undefined, 'payment_settings[payment_method_types]')
  return { payment_settings: { ...before, payment_method_types: types === null ? null : ['card'] } }
}

function rendering({ rendering: before }: Invoice, { rendering: given }: Given): Partial<Invoice> {
  if (given === undefined) return {}
  const size = given.pdf?.page_size ?? before?.pdf?.page_size ?? 'auto'
  const display = given.amount_tax_display
  return {
    rendering: {
      amount_tax_display: display === undefined ? (before?.amount_tax_display ?? null) : display,
      pdf: { page_size: size },
      template: before?.template ?? null,
      template_version: null,
    },
  }
}
