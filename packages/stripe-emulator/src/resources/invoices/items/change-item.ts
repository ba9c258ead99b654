import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { InvoiceItem, Price } from '../../../documents.ts'
import type { MetadataChange } from '../../../http/params/shape.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { amountsIn, priceAmount, pricingOf } from '../../catalog/amount.ts'
import type { PriceData } from '../../catalog/inline-price.ts'
import { createPrice } from '../../catalog/price.ts'
import type { Period } from '../line.ts'
import { itemCost } from './item-pricing.ts'

/** A change of an invoice item: only what is given changes. */
export interface ItemChange {
  amount?: number | undefined
  description?: string | null | undefined
  discountable?: boolean | undefined
  metadata?: MetadataChange | undefined
  period?: Period | undefined
  price_data?: PriceData | undefined
  pricing?: { price: string } | undefined
  quantity?: number | undefined
  unit_amount_decimal?: string | undefined
}

/** Changes an invoice item. `nameOf` is how the request names each parameter. Throws 400. */
export function changeItem(
  ctx: Context,
  item: InvoiceItem,
  { change, nameOf }: { change: ItemChange; nameOf: (name: string) => string },
): InvoiceItem {
  refuseBoth(change, nameOf)
  return ctx.patch('invoice_items', item.id, {
    ...costAfter(ctx, item, { change, nameOf }),
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(change.discountable === undefined ? {} : { discountable: change.discountable }),
    ...(change.period === undefined ? {} : { period: change.period }),
    metadata: changeMetadata(item.metadata ?? {}, change.metadata),
  })
}

/** Amounts that cannot be given together with a quantity, or with each other. */
const EXCLUSIVE = ['amount', 'quantity', 'unit_amount_decimal', 'price_data', 'pricing'] as const

function refuseBoth(change: ItemChange, nameOf: (name: string) => string): void {
  const given = EXCLUSIVE.filter((name) => change[name] !== undefined)
  const clash = change.amount === undefined ? given.filter((name) => name !== 'quantity') : given
  const [first] = clash
  if (first === undefined || clash.length < 2) return
  throw invalidRequest(`You may only specify one of these parameters: ${clash.join(', ')}.`, {
    param: nameOf(first),
  })
}

type Cost = Pick<InvoiceItem, 'amount' | 'pricing' | 'quantity'>

function costAfter(
  ctx: Context,
  item: InvoiceItem,
  { change, nameOf }: { change: ItemChange; nameOf: (name: string) => string },
): Partial<InvoiceItem> {
  const quantity = change.amount === undefined ? (change.quantity ?? item.quantity) : 1
  const cost = newCost(ctx, item, { change, quantity, nameOf })
  if (cost === null) return {}
  return {
    ...cost,
    net_amount: cost.amount,
    quantity_decimal: String(cost.quantity),
  }
}

function newCost(
  ctx: Context,
  item: InvoiceItem,
  about: { change: ItemChange; quantity: number; nameOf: (name: string) => string },
): Cost | null {
  const { change, quantity, nameOf } = about
  if (change.pricing !== undefined || change.price_data !== undefined) {
    const { price_data, pricing } = change
    const cost = itemCost(
      ctx,
      { quantity, currency: item.currency, price: pricing?.price, price_data },
      { currency: item.currency, priceParam: nameOf('pricing[price]') },
    )
    return { amount: cost.amount, quantity, pricing: cost.pricing }
  }
  const unit = change.unit_amount_decimal ?? change.amount
  if (unit !== undefined) {
    return ofPrice(ctx, priceOfUnit(ctx, item, String(unit)), { item, quantity })
  }
  if (change.quantity === undefined) return null
  const price = ctx.store.get('prices', item.pricing?.price_details?.price ?? '')
  if (price !== undefined) return ofPrice(ctx, price, { item, quantity })
  throw invalidRequest('The quantity of an invoice item without a price cannot change.', {
    param: nameOf('quantity'),
  })
}

/** A new price of the same product. */
function priceOfUnit(ctx: Context, item: InvoiceItem, unit: string): Price {
  const product = item.pricing?.price_details?.product
  return createPrice(
    ctx,
    {
      active: false,
      currency: item.currency,
      ...(product === undefined ? {} : { product }),
      unit_amount_decimal: unit,
    },
    { isInline: true },
  )
}

function ofPrice(
  ctx: Context,
  price: Price,
  { item, quantity }: { item: InvoiceItem; quantity: number },
): Cost {
  const { currency } = item
  return {
    amount: priceAmount(ctx, price, { quantity, currency }),
    quantity,
    pricing: pricingOf(price, amountsIn(ctx, price, currency).unit_amount_decimal),
  }
}
