import { isIP } from 'node:net'
import { invalidRequest } from '../../core/errors.ts'
import { limitedList } from '../../http/params/limits.ts'
import type { Param } from '../../http/params/param.ts'
import {
  boolean,
  cosmetic,
  emptyable,
  integer,
  oneOf,
  required,
  text,
  textUpTo,
  unsupported,
} from '../../http/params/param.ts'
import { listOf, metadata, shape } from '../../http/params/shape.ts'
import { taxIdParam } from '../tax/ids/tax-id-params.ts'

/** An e-mail address (docs/stripe.md, fact 35). */
export const emailParam: Param<string> = {
  read(value, name) {
    const email = textUpTo(512).read(value, name)
    if (/^[^\s@<>()[\],;:"]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email)) return email
    throw invalidRequest(`Invalid email address: ${email}`, { code: 'email_invalid', param: name })
  },
}

const countryParam: Param<string> = {
  read(value, name) {
    const read = text.read(value, name)
    return /^[a-z]{2}$/.test(read) ? read.toUpperCase() : read
  },
}

export const addressParam = shape({
  city: emptyable(text),
  country: emptyable(countryParam),
  line1: emptyable(text),
  line2: emptyable(text),
  postal_code: emptyable(text),
  state: emptyable(text),
})

const prefix: Param<string> = {
  read(value, name) {
    const read = text.read(value, name)
    if (/^[A-Z0-9]{1,12}$/.test(read)) return read
    throw invalidRequest(
      'The invoice prefix must be between 1 and 12 characters long and may only contain uppercase letters and numbers.',
      { param: name },
    )
  },
}

/** At most four (types of the `stripe` package). */
const customFields = limitedList(
  4,
  shape({ name: required(textUpTo(40)), value: required(textUpTo(140)) }),
)

export const ipAddressParam: Param<string> = {
  read(value, name) {
    const read = text.read(value, name)
    if (isIP(read) !== 0) return read
    throw invalidRequest(`Invalid IP address: ${read}`, { param: name })
  },
}

const customerFields = {
  address: emptyable(addressParam),
  balance: integer(),
  business_name: emptyable(textUpTo(150)),
  cash_balance: unsupported,
  // These two only before 2025-03-31 (http/versions/removed-params.ts).
  coupon: emptyable(text),
  promotion_code: emptyable(text),
  description: emptyable(text),
  email: emptyable(emailParam),
  individual_name: emptyable(textUpTo(150)),
  invoice_prefix: prefix,
  invoice_settings: shape({
    custom_fields: emptyable(customFields),
    default_payment_method: emptyable(text),
    footer: emptyable(text),
    rendering_options: emptyable(
      shape({
        amount_tax_display: emptyable(oneOf('exclude_tax', 'include_inclusive_tax')),
        template: unsupported,
      }),
    ),
  }),
  metadata,
  name: emptyable(textUpTo(256)),
  next_invoice_sequence: integer({ min: 1 }),
  phone: emptyable(textUpTo(20)),
  preferred_locales: listOf(text),
  shipping: emptyable(
    shape({ address: required(addressParam), name: required(text), phone: text }),
  ),
  source: text,
  tax_exempt: emptyable(oneOf('exempt', 'none', 'reverse')),
  validate: cosmetic(boolean, 'whether a new card is checked when it is added; here every card is'),
}

export const createCustomerParams = shape({
  ...customerFields,
  payment_method: text,
  tax: shape({
    ip_address: emptyable(ipAddressParam),
    validate_location: oneOf('deferred', 'immediately'),
  }),
  tax_id_data: listOf(taxIdParam),
  test_clock: text,
})

export const updateCustomerParams = shape({
  ...customerFields,
  default_source: text,
  tax: shape({
    ip_address: emptyable(ipAddressParam),
    validate_location: oneOf('auto', 'deferred', 'immediately'),
  }),
})
