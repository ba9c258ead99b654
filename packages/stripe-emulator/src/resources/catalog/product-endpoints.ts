import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Product } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, oneOf, text } from '../../http/params/param.ts'
import { searchPage, searchParams } from '../../http/params/search-params.ts'
import { changeMetadata, listOf, shape } from '../../http/params/shape.ts'
import { changesBetween } from '../events/changes.ts'
import { AMOUNT_PRODUCT } from './amount-price.ts'
import { announcePrice, createPrice, requirePrice } from './price.ts'
import { defaultPriceData } from './pricing/price-params.ts'
import { createProduct, requireProduct, storeProduct } from './product.ts'
import { createProductFields, updateProductParams } from './product-params.ts'
import { searchableProducts } from './search.ts'

const createParams = shape({ ...createProductFields, default_price_data: defaultPriceData })

const listParams = shape({
  ...listFields,
  active: boolean,
  ids: listOf(text),
  shippable: boolean,
  type: oneOf('good', 'service'),
  url: text,
})

export const productEndpoints = [
  endpoint('POST /v1/products', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/products', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/products/search', searchParams, (ctx, { params }) =>
    searchPage(ctx.store.newest('products'), params, searchableProducts),
  ),
  endpoint('GET /v1/products/:id', shape({}), (ctx, { id }) => requireProduct(ctx, id)),
  endpoint('POST /v1/products/:id', updateProductParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('DELETE /v1/products/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

/** Creates a product, and its default price: `product.created`, which already names the price, is sent first. */
function create(ctx: Context, params: ValueOf<typeof createParams>): Product {
  const { default_price_data: data, ...fields } = params
  if (data === undefined) return createProduct(ctx, fields)
  const { id } = storeProduct(ctx, fields)
  const price = createPrice(ctx, { ...data, product: id }, { within: 'default_price_data' })
  const product = ctx.patch('products', id, { default_price: price.id })
  ctx.emit('product.created', product)
  announcePrice(ctx, price)
  return product
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  for (const cursor of ['starting_after', 'ending_before'] as const) {
    if (params.ids === undefined || params[cursor] === undefined) continue
    throw invalidRequest(`You may only specify one of these parameters: ids, ${cursor}.`, {
      param: 'ids',
    })
  }
  const docs = ctx.store
    .newest('products')
    .filter(
      (product) =>
        product.id !== AMOUNT_PRODUCT &&
        (params.active === undefined || product.active === params.active) &&
        (params.ids === undefined || params.ids.includes(product.id)) &&
        (params.shippable === undefined || product.shippable === params.shippable) &&
        (params.type === undefined || product.type === params.type) &&
        (params.url === undefined || product.url === params.url) &&
        inRange(product.created, params.created),
    )
  return listPage(docs, params, '/v1/products')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateProductParams>): object {
  const before = requireProduct(ctx, id)
  const { metadata, images, marketing_features: features, ...fields } = params
  checkDefaultPrice(ctx, id, params.default_price)
  const after = ctx.patch('products', id, {
    ...fields,
    ...(images === undefined ? {} : { images: images ?? [] }),
    ...(features === undefined ? {} : { marketing_features: features ?? [] }),
    metadata: changeMetadata(before.metadata, metadata),
    updated: ctx.now,
  })
  ctx.emit('product.updated', after, changesBetween(before, after))
  return after
}

function checkDefaultPrice(ctx: Context, product: string, id: string | null | undefined): void {
  if (id === null || id === undefined) return
  const price = requirePrice(ctx, id, 'default_price')
  if (price.product === product && price.active) return
  throw invalidRequest(
    price.active
      ? `The price \`${id}\` does not belong to the product \`${product}\`.`
      : `The price \`${id}\` is inactive, so that it cannot be a default price.`,
    { param: 'default_price' },
  )
}

/** Deletes a product without prices; the event already says that it is inactive. Throws 400 for any other. */
function remove(ctx: Context, id: string): object {
  const product = requireProduct(ctx, id)
  if (ctx.store.find('prices', { index: 'product', key: id }).length > 0) {
    throw invalidRequest(
      'This product cannot be deleted because it has one or more user-created prices.',
    )
  }
  ctx.store.remove('products', id)
  const deleted: Product = { ...product, active: false }
  ctx.emit('product.deleted', deleted)
  return { id, object: 'product', deleted: true }
}
