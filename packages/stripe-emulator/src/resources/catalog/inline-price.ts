import type { Context } from '../../core/context.ts'
import type { Price } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { integer, oneOf, required, text, unsupported } from '../../http/params/param.ts'
import { listOf, metadata, shape } from '../../http/params/shape.ts'
import { createPrice } from './price.ts'

const shared = {
  currency: required(text),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  unit_amount: integer(),
  unit_amount_decimal: text,
}

const recurring = shape({
  interval: required(oneOf('day', 'week', 'month', 'year')),
  interval_count: integer({ min: 1, max: 156 }),
})

const productData = shape({
  description: text,
  images: listOf(text),
  metadata,
  name: required(text),
  tax_code: text,
  tax_details: unsupported,
  unit_label: text,
})

/** `price_data` of a subscription item: a recurring price of a product. */
export const recurringPriceData = shape({
  ...shared,
  product: required(text),
  recurring: required(recurring),
})

/** `price_data` of an invoice item and of `add_invoice_items`: a one-time price of a product. */
export const oneTimePriceData = shape({ ...shared, product: required(text) })

/** `price_data` of a line of an invoice: a one-time price, also of a new product. */
export const linePriceData = shape({ ...shared, product: text, product_data: productData })

/** `price_data` of a line item of Checkout: one-time or recurring, also of a new product. */
export const checkoutPriceData = shape({
  ...shared,
  product: text,
  product_data: productData,
  recurring,
})

/** Any `price_data`: each of the shapes above fits. */
export type PriceData = ValueOf<typeof checkoutPriceData>

/**
 * Creates the price that `price_data` describes; `param` is the name of that parameter (`items[0][price_data]`). Like
 * Stripe's it is inactive from the start, as is its product where `product_data` creates one: neither can be sold
 * again. Throws 400 that names the parameter inside `param`.
 */
export function inlinePrice(ctx: Context, data: PriceData, _param: string): Price {
  const { product_data: made, ...fields } = data
  return createPrice(ctx, {
    ...fields,
    active: false,
    ...(made === undefined
      ? {}
      : {
          product_data: {
            name: made.name,
            active: false,
            ...(made.metadata === undefined ? {} : { metadata: made.metadata }),
            ...(made.unit_label === undefined ? {} : { unit_label: made.unit_label }),
          },
        }),
  })
}
