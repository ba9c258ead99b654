import type { Context } from '../../core/context.ts'
import type { Price } from '../../documents.ts'
import { createPrice } from './price.ts'
import { storeProduct } from './product.ts'

/** The product of all prices that amounts without a price get; lists of products leave it out. */
export const AMOUNT_PRODUCT = 'prod_EmulatorAmount'

/**
 * The price that an amount without a price gets. Stripe uses one again for the same amount (recorded: the price is
 * years older than the invoice item). Without events.
 */
export function amountPrice(ctx: Context, of: { currency: string; amount: string }): Price {
  if (ctx.store.get('products', AMOUNT_PRODUCT) === undefined) {
    storeProduct(ctx, { id: AMOUNT_PRODUCT, name: 'Amount', active: false })
  }
  const known = ctx.store
    .find('prices', { index: 'product', key: AMOUNT_PRODUCT })
    .find((price) => price.currency === of.currency && price.unit_amount_decimal === of.amount)
  if (known !== undefined) return known
  return createPrice(
    ctx,
    {
      active: false,
      currency: of.currency,
      product: AMOUNT_PRODUCT,
      unit_amount_decimal: of.amount,
    },
    { isInline: true },
  )
}
