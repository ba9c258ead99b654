import { limitedList } from '../../../http/params/limits.ts'
import {
  boolean,
  emptyable,
  integer,
  oneOf,
  required,
  text,
  textUpTo,
  unsupported,
} from '../../../http/params/param.ts'
import { listOf, shape } from '../../../http/params/shape.ts'
import { COUNTRIES } from './countries.ts'

const length = integer({ min: 1, max: 255 })
const bounds = { maximum_length: length, minimum_length: length }

const customField = shape({
  dropdown: shape({
    default_value: textUpTo(100),
    options: required(
      limitedList(200, shape({ label: required(textUpTo(100)), value: required(textUpTo(100)) })),
    ),
  }),
  key: required(textUpTo(200)),
  label: required(shape({ custom: required(textUpTo(100)), type: required(oneOf('custom')) })),
  numeric: shape({ default_value: text, ...bounds }),
  optional: boolean,
  text: shape({ default_value: text, ...bounds }),
  type: required(oneOf('dropdown', 'numeric', 'text')),
})

const message = emptyable(shape({ message: required(textUpTo(1200)) }))
const name = shape({ enabled: required(boolean), optional: boolean })
const save = oneOf('auto', 'never')

/** What the page asks the buyer for. */
export const collectionParams = {
  billing_address_collection: oneOf('auto', 'required'),
  consent_collection: shape({
    payment_method_reuse_agreement: shape({ position: required(oneOf('auto', 'hidden')) }),
    promotions: oneOf('auto', 'none'),
    terms_of_service: oneOf('none', 'required'),
  }),
  custom_fields: limitedList(3, customField),
  custom_text: shape({
    after_submit: message,
    shipping_address: message,
    submit: message,
    terms_of_service_acceptance: message,
  }),
  customer_update: shape({ address: save, name: save, shipping: save }),
  name_collection: shape({ business: name, individual: name }),
  phone_number_collection: shape({ enabled: required(boolean) }),
  shipping_address_collection: shape({ allowed_countries: required(listOf(oneOf(...COUNTRIES))) }),
  shipping_options: unsupported,
  tax_id_collection: shape({
    enabled: required(boolean),
    required: oneOf('if_supported', 'never'),
  }),
}
