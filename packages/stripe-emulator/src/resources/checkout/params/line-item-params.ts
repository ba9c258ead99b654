import { boolean, integer, required, text, unsupported } from '../../../http/params/param.ts'
import { listOf, metadata, shape } from '../../../http/params/shape.ts'
import { checkoutPriceData } from '../../catalog/inline-price.ts'

/** The most that a quantity may be. */
export const MOST = 999_999

const adjustableQuantity = shape({
  enabled: required(boolean),
  maximum: integer({ min: 1, max: MOST }),
  minimum: integer({ min: 0, max: MOST }),
})

const lineItem = shape({
  adjustable_quantity: adjustableQuantity,
  dynamic_tax_rates: unsupported,
  metadata,
  price: text,
  price_data: checkoutPriceData,
  quantity: integer({ min: 1, max: MOST }),
  tax_rates: unsupported,
})

const optionalItem = shape({
  adjustable_quantity: adjustableQuantity,
  price: required(text),
  quantity: required(integer({ min: 1, max: MOST })),
})

export const lineItemParams = {
  line_items: listOf(lineItem),
  optional_items: listOf(optionalItem),
}
