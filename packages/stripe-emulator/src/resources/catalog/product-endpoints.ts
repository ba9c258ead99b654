import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, text, unsupported } from '../../http/params/param.ts'
import { searchPage, searchParams } from '../../http/params/search-params.ts'
import { changeMetadata, listOf, shape } from '../../http/params/shape.ts'
import { changesBetween } from '../events/changes.ts'
import { createProductParams, newProduct, requireProduct, updateProductParams } from './product.ts'
import { searchableProducts } from './search.ts'

const listParams = shape({
  ...listFields,
  type: unsupported,
  active: boolean,
  ids: listOf(text),
  url: text,
  shippable: boolean,
})

export const productEndpoints = [
  endpoint('POST /v1/products', createProductParams, (ctx, { params }) => create(ctx, params)),
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

function create(ctx: Context, params: ValueOf<typeof createProductParams>): object {
  if (params.id !== undefined && ctx.store.get('products', params.id) !== undefined) {
    throw invalidRequest('Product already exists.', {
      code: 'resource_already_exists',
      param: 'id',
    })
  }
  const { id: _id, type: _type, metadata, images, marketing_features: features, ...fields } = params
  const product = ctx.store.put('products', {
    ...newProduct(ctx, params),
    ...fields,
    images: images ?? [],
    marketing_features: features ?? [],
    metadata: changeMetadata({}, metadata),
  })
  ctx.emit('product.created', product)
  return product
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const docs = ctx.store
    .newest('products')
    .filter(
      (product) =>
        (params.active === undefined || product.active === params.active) &&
        (params.ids === undefined || params.ids.includes(product.id)) &&
        inRange(product.created, params.created),
    )
  return listPage(docs, params, '/v1/products')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateProductParams>): object {
  const before = requireProduct(ctx, id)
  const { metadata, images, marketing_features: features, ...fields } = params
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

function remove(ctx: Context, id: string): object {
  const product = requireProduct(ctx, id)
  if (ctx.store.find('prices', { index: 'product', key: id }).length > 0) {
    throw invalidRequest(
      'This product cannot be deleted because it has one or more user-created prices.',
    )
  }
  ctx.store.remove('products', id)
  ctx.emit('product.deleted', product)
  return { id, object: 'product', deleted: true }
}
