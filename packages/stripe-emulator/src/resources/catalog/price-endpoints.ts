import type { Context } from '../../core/context.ts'
import { invalidRequest, StripeError } from '../../core/errors.ts'
import type { Price, PriceOptions } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { currencyParam } from '../../http/params/currency.ts'
import { limitedList } from '../../http/params/limits.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, oneOf, text } from '../../http/params/param.ts'
import { searchPage, searchParams } from '../../http/params/search-params.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { announcePrice, changePrice, claimLookupKey, createPrice } from './price.ts'
import { createPriceParams, interval, updatePriceParams } from './pricing/price-params.ts'
import { optionOf } from './pricing/pricing.ts'
import { requireProduct } from './product.ts'
import { searchablePrices } from './search.ts'

const listParams = shape({
  ...listFields,
  active: boolean,
  currency: currencyParam,
  lookup_keys: limitedList(10, text),
  product: text,
  recurring: shape({ interval, meter: text, usage_type: oneOf('licensed', 'metered') }),
  type: oneOf('one_time', 'recurring'),
})

export const priceEndpoints = [
  endpoint('POST /v1/prices', createPriceParams, (ctx, { params }) =>
    announcePrice(ctx, createPrice(ctx, params)),
  ),
  endpoint('GET /v1/prices', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/prices/search', searchParams, (ctx, { params }) =>
    searchPage(ctx.store.newest('prices'), params, searchablePrices),
  ),
  endpoint('GET /v1/prices/:id', shape({}), (ctx, { id }) => priceOfPath(ctx, id)),
  endpoint('POST /v1/prices/:id', updatePriceParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
]

/** The price that the path names; the error calls it `price` (docs/stripe.md, fact 35). Throws 404. */
function priceOfPath(ctx: Context, id: string): Price {
  const price = ctx.store.get('prices', id)
  if (price !== undefined) return price
  throw new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such price: '${id}'`,
    param: 'price',
  })
}

type ListParams = ValueOf<typeof listParams>

/** Lists prices, the active ones where `active` is not given; never those that `price_data` made. */
function list(ctx: Context, params: ListParams): object {
  if (params.product !== undefined) requireProduct(ctx, params.product, 'product')
  const { active = true } = params
  const docs = ctx.store
    .newest('prices')
    .filter(
      (price) =>
        price.active === active &&
        ctx.store.get('price_options', price.id)?.isInline !== true &&
        (params.currency === undefined || price.currency === params.currency) &&
        (params.product === undefined || price.product === params.product) &&
        (params.type === undefined || price.type === params.type) &&
        recursAs(price, params.recurring) &&
        (params.lookup_keys === undefined ||
          (price.lookup_key !== null && params.lookup_keys.includes(price.lookup_key))) &&
        inRange(price.created, params.created),
    )
  return listPage(docs, params, '/v1/prices')
}

function recursAs({ recurring }: Price, wanted: ListParams['recurring'] = {}): boolean {
  return (
    (wanted.interval === undefined || recurring?.interval === wanted.interval) &&
    (wanted.meter === undefined || recurring?.meter === wanted.meter) &&
    (wanted.usage_type === undefined || recurring?.usage_type === wanted.usage_type)
  )
}

function update(ctx: Context, id: string, params: ValueOf<typeof updatePriceParams>): object {
  const before = priceOfPath(ctx, id)
  const { metadata, transfer_lookup_key: transfer, currency_options: options, ...fields } = params
  checkUpdate(ctx, before, params)
  if (options !== undefined) addCurrencies(ctx, before, options)
  const key = params.lookup_key ?? null
  if (key !== before.lookup_key) claimLookupKey(ctx, key, transfer === true)
  return changePrice(ctx, before, {
    ...fields,
    metadata: changeMetadata(before.metadata, metadata),
  })
}

function checkUpdate(
  ctx: Context,
  before: Price,
  params: Pick<ValueOf<typeof updatePriceParams>, 'active' | 'tax_behavior'>,
): void {
  const product = ctx.store.get('products', before.product)
  if (params.active === false && product?.default_price === before.id) {
    throw invalidRequest(
      'This price cannot be archived because it is the default price of its product.',
    )
  }
  const { tax_behavior: wanted } = params
  const isSet = before.tax_behavior === 'exclusive' || before.tax_behavior === 'inclusive'
  if (wanted !== undefined && isSet && wanted !== before.tax_behavior) {
    throw invalidRequest('You cannot update `tax_behavior` field once it has been specified.', {
      param: 'tax_behavior',
    })
  }
}

/** Adds amounts in further currencies. Throws 400 for a currency that the price already has. */
function addCurrencies(
  ctx: Context,
  price: Price,
  added: NonNullable<ValueOf<typeof updatePriceParams>['currency_options']>,
): void {
  const known: PriceOptions = ctx.store.get('price_options', price.id) ?? {
    id: price.id,
    tiers: null,
    currencies: {},
  }
  const currencies = Object.entries(added).map(([currency, given]) => {
    const param = `currency_options[${currency}]`
    if (currency === price.currency || known.currencies[currency] !== undefined) {
      throw invalidRequest(
        'You are attempting to update an immutable field for an existing currency in currency_options.',
        { param },
      )
    }
    const scheme = price.billing_scheme
    return [currency, optionOf(given, { scheme, currency, param })] as const
  })
  ctx.store.put('price_options', {
    ...known,
    currencies: { ...known.currencies, ...Object.fromEntries(currencies) },
  })
}
