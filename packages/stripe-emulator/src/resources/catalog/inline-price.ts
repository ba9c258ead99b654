import type { Context } from '../../core/context.ts'
import type { Price } from '../../documents.ts'
import { currencyParam } from '../../http/params/currency.ts'
import { decimal } from '../../http/params/decimal.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { integer, required, text } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { announcePrice, createPrice } from './price.ts'
import { amountFields, interval } from './pricing/price-params.ts'
import { productData } from './product-params.ts'

const shared = { ...amountFields, currency: required(currencyParam) }

const recurring = shape({ interval: required(interval), interval_count: integer({ min: 1 }) })

/** `price_data` of a subscription item: a recurring price of a product. */
export const recurringPriceData = shape({
  ...shared,
  product: required(text),
  recurring: required(recurring),
})

/** `price_data` of an invoice item and of `add_invoice_items`: a one-time price of a product, also a credit. */
export const oneTimePriceData = shape({
  ...shared,
  product: required(text),
  unit_amount: integer(),
  unit_amount_decimal: decimal({ negative: true }),
})

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
 * again, and lists of prices leave it out. Throws 400 that names the parameter inside `param`.
 */
export function inlinePrice(ctx: Context, data: PriceData, param: string): Price {
  const { product_data: made, ...fields } = data
  const price = createPrice(
    ctx,
    {
      ...fields,
      active: false,
      ...(made === undefined ? {} : { product_data: { ...made, active: false } }),
    },
    { within: param, isInline: true },
  )
  return announcePrice(ctx, price)
}
