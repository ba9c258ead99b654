import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { InvoiceItem, Price } from '../../../documents.ts'
import { amountsIn, hasCurrency, priceAmount, pricingOf } from '../../catalog/amount.ts'
import { amountPrice } from '../../catalog/amount-price.ts'
import type { PriceData } from '../../catalog/inline-price.ts'
import { inlinePrice } from '../../catalog/inline-price.ts'
import { requireSellablePrice } from '../../catalog/price.ts'

/** What an invoice item costs, as a request says it: one of the first four. */
export interface Costs {
  amount?: number | undefined
  unit_amount_decimal?: string | undefined
  price?: string | undefined
  price_data?: PriceData | undefined
  quantity?: number | undefined
  currency?: string | undefined
}

type Cost = Pick<InvoiceItem, 'amount' | 'currency' | 'description' | 'pricing'> & {
  quantity: number
}

/**
 * What an invoice item costs. `pricing` names the parameter of a price inside another object. Without a price it gets
 * the account's price for that amount (docs/stripe.md, fact 31). Throws 400.
 */
export function itemCost(
  ctx: Context,
  costs: Costs,
  at: { currency: string; priceParam: string },
): Cost {
  const { quantity = 1 } = costs
  const names = ['amount', 'unit_amount_decimal', 'price', 'price_data'] as const
  const given = names.filter((name) => costs[name] !== undefined)
  if (given.length > 1) {
    throw invalidRequest(`You may only specify one of these parameters: ${given.join(', ')}.`, {
      param: given[0] ?? 'amount',
    })
  }
  const price = priceOf(ctx, costs, at)
  const currency = currencyOf(ctx, price, costs)
  const amount = costs.amount ?? priceAmount(ctx, price, { quantity, currency })
  const { unit_amount_decimal: unit } = amountsIn(ctx, price, currency)
  return {
    amount,
    currency,
    description: descriptionOf(ctx, costs, price),
    quantity,
    pricing: pricingOf(price, unit),
  }
}

/** An item with a price has the name of its product; one by amount has none. */
function descriptionOf(ctx: Context, costs: Costs, price: Price): string | null {
  if (costs.price === undefined && costs.price_data === undefined) return null
  return ctx.store.get('products', price.product)?.name ?? null
}

function priceOf(
  ctx: Context,
  costs: Costs,
  { currency, priceParam: param }: { currency: string; priceParam: string },
): Price {
  if (costs.price_data !== undefined) return inlinePrice(ctx, costs.price_data, 'price_data')
  if (costs.price === undefined) {
    const unit = costs.unit_amount_decimal ?? costs.amount
    if (unit !== undefined) {
      return amountPrice(ctx, { currency: costs.currency ?? currency, amount: String(unit) })
    }
    throw invalidRequest('Missing required param: amount.', {
      code: 'parameter_missing',
      param: 'amount',
    })
  }
  const price = requireSellablePrice(ctx, costs.price, param)
  if (price.recurring !== null) {
    throw invalidRequest(
      'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
      { param },
    )
  }
  if (price.custom_unit_amount === null) return price
  throw invalidRequest('A price with `custom_unit_amount` can only be sold in Checkout.', { param })
}

function currencyOf(ctx: Context, price: Price, { currency }: Costs): string {
  if (currency === undefined || hasCurrency(ctx, price, currency)) return currency ?? price.currency
  throw invalidRequest(
    `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${currency}\`.`,
    { param: 'currency' },
  )
}
