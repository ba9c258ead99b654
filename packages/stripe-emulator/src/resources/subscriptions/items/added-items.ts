import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Price, Subscription, TaxRate } from '../../../documents.ts'
import { limitedList } from '../../../http/params/limits.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { boolean, integer, oneOf, required, text, timestamp } from '../../../http/params/param.ts'
import type { MetadataChange } from '../../../http/params/shape.ts'
import { changeMetadata, listOf, metadata, shape } from '../../../http/params/shape.ts'
import { amountsIn, priceAmount, pricingOf } from '../../catalog/amount.ts'
import { inlinePrice, oneTimePriceData } from '../../catalog/inline-price.ts'
import { requireSellablePrice } from '../../catalog/price.ts'
import { discountInvoiceItem } from '../../discounts/of/invoice.ts'
import type { DiscountParam } from '../../discounts/redeem/discount-params.ts'
import { discountParam } from '../../discounts/redeem/discount-params.ts'
import { createInvoiceItem } from '../../invoices/items/invoice-item.ts'
import type { Period } from '../../invoices/line.ts'
import { newTaxRates, taxRatesParam } from '../../tax/rates/tax-rate.ts'
import { periodEnd, periodStart } from '../subscription.ts'
import { MOST_ITEMS } from './item-rules.ts'

const fields = {
  discountable: boolean,
  discounts: listOf(discountParam),
  metadata,
  price: text,
  price_data: oneTimePriceData,
  quantity: integer({ min: 0 }),
  tax_rates: taxRatesParam,
}

function side<const Word extends string>(...types: Word[]) {
  return required(shape({ timestamp, type: required(oneOf(...types)) }))
}

const entry = shape({
  ...fields,
  period: shape({
    end: side('min_item_period_end', 'timestamp'),
    start: side('max_item_period_start', 'now', 'timestamp'),
  }),
})

const phaseEntry = shape({
  ...fields,
  period: shape({
    end: side('min_item_period_end', 'phase_end', 'timestamp'),
    start: side('max_item_period_start', 'phase_start', 'timestamp'),
  }),
})

type Entry = ValueOf<typeof entry> | ValueOf<typeof phaseEntry>
type EntryPeriod = Entry['period']

/** `add_invoice_items` of a subscription, and of the phase of a schedule: at most 20. */
export const addedItemsParam = limitedList(MOST_ITEMS, entry)
export const phaseAddedItemsParam = limitedList(MOST_ITEMS, phaseEntry)

/** A one-time charge on the next invoice of a subscription. */
export interface AddedItem {
  price: Price
  quantity: number
  discountable: boolean
  discounts: readonly DiscountParam[]
  metadata: MetadataChange
  period: EntryPeriod
  taxRates: TaxRate[]
}

/** Reads `add_invoice_items`: each has a one-time price. Throws 400. */
export function readAddedItems(
  ctx: Context,
  entries: readonly Entry[],
  name = 'add_invoice_items',
): AddedItem[] {
  return entries.map((one, index) => {
    const price = oneTimePrice(ctx, one, `${name}[${index}]`)
    requirePeriod(one.period, `${name}[${index}][period]`)
    return {
      price,
      quantity: one.quantity ?? 1,
      discountable: one.discountable ?? true,
      discounts: one.discounts ?? [],
      metadata: one.metadata ?? {},
      period: one.period,
      taxRates: newTaxRates(ctx, one.tax_rates, `${name}[${index}][tax_rates]`),
    }
  })
}

function oneTimePrice(ctx: Context, one: Entry, name: string): Price {
  const param = `${name}[price]`
  if (one.price_data !== undefined) {
    if (one.price === undefined) return inlinePrice(ctx, one.price_data, `${name}[price_data]`)
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', {
      param,
    })
  }
  if (one.price === undefined) {
    throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
  }
  const price = requireSellablePrice(ctx, one.price, param)
  if (price.recurring === null) return price
  throw invalidRequest(
    'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
    { param },
  )
}

function requirePeriod(period: EntryPeriod, name: string): void {
  for (const side of ['start', 'end'] as const) {
    const { type, timestamp: at } = period?.[side] ?? {}
    if (type !== 'timestamp' || at !== undefined) continue
    const param = `${name}[${side}][timestamp]`
    throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
  }
}

/** Creates the invoice items of `add_invoice_items`; they are pending for the next invoice. Throws 400. */
export function addInvoiceItems(
  ctx: Context,
  subscription: Subscription,
  added: readonly AddedItem[],
): void {
  for (const [index, one] of added.entries()) {
    const { price, quantity } = one
    const item = createInvoiceItem(ctx, {
      customer: subscription.customer,
      amount: priceAmount(ctx, price, { quantity, currency: subscription.currency }),
      currency: subscription.currency,
      description: ctx.store.get('products', price.product)?.name ?? null,
      period: periodOf(ctx, subscription, one.period),
      quantity,
      proration: false,
      pricing: pricingOf(price, amountsIn(ctx, price, subscription.currency).unit_amount_decimal),
      parent: {
        subscription_details: { subscription: subscription.id },
        type: 'subscription_details',
      },
      credited: null,
      metadata: changeMetadata({}, one.metadata),
      taxRates: one.taxRates,
    })
    const { discountable, discounts } = one
    const made = discountable ? item : ctx.patch('invoice_items', item.id, { discountable })
    const param = `add_invoice_items[${index}][discounts]`
    if (discounts.length > 0) discountInvoiceItem(ctx, made, { wanted: discounts, param })
  }
}

function periodOf(ctx: Context, subscription: Subscription, wanted: EntryPeriod): Period {
  const { start, end } = wanted ?? {}
  const period = {
    start:
      start?.type === 'now'
        ? ctx.timeOf(subscription.test_clock)
        : (start?.timestamp ?? periodStart(subscription)),
    end: end?.timestamp ?? periodEnd(subscription),
  }
  if (period.start <= period.end) return period
  throw invalidRequest('The start of the period must be before or equal to its end.', {
    param: 'add_invoice_items[0][period][start]',
  })
}
