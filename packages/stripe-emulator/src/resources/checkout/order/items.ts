import type { Context } from '../../../core/context.ts'
import { invalidRequest, notEmulated } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { CheckoutOrderItem, CheckoutSession, Price } from '../../../documents.ts'
import { requireFew } from '../../../http/params/limits.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requireCurrency } from '../../catalog/amount.ts'
import { inlinePrice } from '../../catalog/inline-price.ts'
import { requireSellablePrice } from '../../catalog/price.ts'
import { newTaxRates } from '../../tax/rates/tax-rate.ts'
import type { SessionParams } from '../params/session-params.ts'

type Given = NonNullable<SessionParams['line_items']>[number]
type Optional = NonNullable<CheckoutSession['optional_items']>

/** What an order sells, from the parameters of its session. */
export interface Sold {
  items: CheckoutOrderItem[]
  optional: Optional
  currency: string
  /** The recurring prices. */
  recurring: Price[]
}

const MOST_LINES = { payment: 100, subscription: 20 } as const
const MOST_OPTIONAL = 10

/** Reads the line items and the optional items. Throws 400 for what Checkout cannot sell together. */
export function readItems(
  ctx: Context,
  params: SessionParams,
  mode: 'payment' | 'subscription',
): Sold {
  const given = params.line_items ?? []
  if (given.length === 0) {
    throw invalidRequest('Missing required param: line_items.', {
      code: 'parameter_missing',
      param: 'line_items',
    })
  }
  requireFew(given.length, MOST_LINES.payment, 'line_items')
  const lines = given.map((item, index) => readLine(ctx, item, `line_items[${index}]`))
  const offered = (params.optional_items ?? []).map((item, index) =>
    readLine(ctx, item, `optional_items[${index}]`),
  )
  requireFew(offered.length, MOST_OPTIONAL, 'optional_items')
  const all = [...lines, ...offered]
  const currency = params.currency ?? lines[0]?.price.currency ?? ''
  for (const { price, name } of all) {
    requireMode(price, mode, name)
    requireCurrency(ctx, price, { expected: currency, param: `${name}[price]` })
  }
  if (mode === 'subscription') requireOneInterval(all.map(({ price }) => price))
  return {
    items: lines.map(({ item }) => item),
    optional: offered.map(({ item }) => ({
      adjustable_quantity: item.adjustable ?? null,
      price: item.price,
      quantity: item.quantity,
    })),
    currency,
    recurring: lines.flatMap(({ price }) => (price.recurring === null ? [] : [price])),
  }
}

interface Line {
  item: CheckoutOrderItem
  price: Price
  name: string
}

function readLine(ctx: Context, given: Given, name: string): Line {
  const price = priceOf(ctx, given, name)
  const quantity = quantityOf(price, given.quantity, name)
  const adjustable = adjustableOf(given.adjustable_quantity, quantity, name)
  const metadata = changeMetadata({}, given.metadata)
  const rates = newTaxRates(ctx, given.tax_rates, `${name}[tax_rates]`)
  const taxRates = rates.map(({ id }) => id)
  const item = { id: longId('li'), price: price.id, quantity, adjustable, metadata, taxRates }
  return { item, price, name }
}

function priceOf(ctx: Context, { price: id, price_data: data }: Given, name: string): Price {
  if (id !== undefined && data !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', {
      param: `${name}[price]`,
    })
  }
  if (data !== undefined) return inlinePrice(ctx, data, `${name}[price_data]`)
  if (id === undefined) {
    throw invalidRequest(
      'You must provide either price or price_data for each line item when using prices.',
      { param: name },
    )
  }
  const price = requireSellablePrice(ctx, id, `${name}[price]`)
  if (price.custom_unit_amount === null) return price
  throw notEmulated('a price whose amount the buyer chooses', `${name}[price]`)
}

function quantityOf(price: Price, given: number | undefined, name: string): number {
  const isMetered = price.recurring?.usage_type === 'metered'
  if (isMetered && given !== undefined) {
    throw invalidRequest(
      `Quantity should not be specified where usage_type is \`metered\`. Remove quantity from \`${name}\``,
      { param: `${name}[quantity]` },
    )
  }
  if (isMetered) return 1
  if (given !== undefined) return given
  throw invalidRequest(`Quantity is required. Add \`quantity\` to \`${name}\``, {
    param: `${name}[quantity]`,
  })
}

const DEFAULT_MOST = 99

function adjustableOf(
  given: Given['adjustable_quantity'],
  quantity: number,
  name: string,
): NonNullable<CheckoutOrderItem['adjustable']> | null {
  if (given === undefined) return null
  if (!given.enabled) return { enabled: false, maximum: null, minimum: null }
  const { minimum = 0, maximum = DEFAULT_MOST } = given
  if (minimum <= quantity && quantity <= maximum) return { enabled: true, maximum, minimum }
  throw invalidRequest(
    `The quantity (${quantity}) must be between \`adjustable_quantity.minimum\` (${minimum}) and \`adjustable_quantity.maximum\` (${maximum}).`,
    { param: `${name}[quantity]` },
  )
}

function requireMode(price: Price, mode: 'payment' | 'subscription', name: string): void {
  if (price.recurring === null || mode === 'subscription') return
  throw invalidRequest(
    'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
    { param: `${name}[price]` },
  )
}

function requireOneInterval(prices: readonly Price[]): void {
  const recurring = prices.flatMap((price) => price.recurring ?? [])
  if (recurring.length === 0) {
    throw invalidRequest(
      'You must provide at least one recurring price in `subscription` mode when using prices.',
      { param: 'line_items' },
    )
  }
  const once = prices.length - recurring.length
  requireFew(Math.max(recurring.length, once), MOST_LINES.subscription, 'line_items')
  const intervals = new Set(recurring.map((one) => `${one.interval_count} ${one.interval}`))
  if (intervals.size === 1) return
  throw invalidRequest(
    'Checkout does not support multiple prices with different billing intervals.',
    { param: 'line_items' },
  )
}
