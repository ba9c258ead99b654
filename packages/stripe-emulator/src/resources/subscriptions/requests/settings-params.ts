import { invalidRequest } from '../../../core/errors.ts'
import type { Invoice, Subscription } from '../../../documents.ts'
import { limitedList } from '../../../http/params/limits.ts'
import type { Param, ValueOf } from '../../../http/params/param.ts'
import {
  emptyable,
  oneOf,
  required,
  text,
  textUpTo,
  unsupported,
} from '../../../http/params/param.ts'
import { listOf, shape } from '../../../http/params/shape.ts'

const customField = shape({ name: required(textUpTo(40)), value: required(textUpTo(140)) })
const MOST_FIELDS = 4

const customFields = limitedList(MOST_FIELDS, customField)

/** Settings of all invoices of a subscription. */
export const invoiceSettingsFields = {
  account_tax_ids: unsupported,
  custom_fields: emptyable(customFields),
  description: emptyable(textUpTo(1500)),
  footer: emptyable(textUpTo(5000)),
  issuer: shape({ account: unsupported, type: required(oneOf('self')) }),
}

export const invoiceSettings = shape(invoiceSettingsFields)

/** The settings of the invoices after a change; what is not named stays. */
export function changedInvoiceSettings(
  before: Subscription['invoice_settings'],
  change: ValueOf<typeof invoiceSettings>,
): Subscription['invoice_settings'] {
  return {
    ...before,
    ...(change.custom_fields === undefined ? {} : { custom_fields: change.custom_fields }),
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(change.footer === undefined ? {} : { footer: change.footer }),
    ...(change.issuer === undefined ? {} : { issuer: { type: change.issuer.type } }),
  }
}

type MethodTypes = NonNullable<
  NonNullable<Subscription['payment_settings']>['payment_method_types']
>
const methodTypes: Param<MethodTypes[number]> = {
  read(value, name) {
    const type = text.read(value, name)
    if (type === 'card' || type === 'link') return type
    throw invalidRequest(
      `stripe-emulator: the payment method type '${type}' is not emulated. Stripe itself would accept this request.`,
      { param: name },
    )
  },
}

/** Settings of the payments of a subscription. */
export const paymentSettings = shape({
  payment_method_options: unsupported,
  payment_method_types: emptyable(listOf(methodTypes)),
  save_default_payment_method: oneOf('off', 'on_subscription'),
})

/** The settings of the payments after a change; what is not named stays. */
export function changedPaymentSettings(
  before: Subscription['payment_settings'],
  change: ValueOf<typeof paymentSettings>,
): Subscription['payment_settings'] {
  const { payment_method_types: types, save_default_payment_method: saves } = change
  return {
    payment_method_options: before?.payment_method_options ?? null,
    payment_method_types: types === undefined ? (before?.payment_method_types ?? null) : types,
    save_default_payment_method: saves ?? before?.save_default_payment_method ?? 'off',
  }
}

/** What an invoice takes over from its subscription. */
export function settingsForInvoice(subscription: Subscription | null): Partial<Invoice> {
  if (subscription === null) return {}
  const { invoice_settings: settings, payment_settings: payment } = subscription
  return {
    ...(settings.custom_fields === null ? {} : { custom_fields: settings.custom_fields }),
    ...(settings.footer === null ? {} : { footer: settings.footer }),
    ...(settings.description === null ? {} : { description: settings.description }),
    issuer: settings.issuer,
    payment_settings: {
      default_mandate: null,
      payment_method_options: null,
      payment_method_types: payment?.payment_method_types ?? null,
    },
  }
}
