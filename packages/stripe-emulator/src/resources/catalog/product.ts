import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import { shortId } from '../../core/ids.ts'
import type { Product } from '../../documents.ts'
import { changeMetadata } from '../../http/params/shape.ts'
import type { NewProduct } from './product-params.ts'

/** A product that is not deleted. Throws 404, or 400 where `param` names it. */
export function requireProduct(ctx: Context, id: string, param?: string): Product {
  const product = ctx.store.get('products', id)
  if (product === undefined) throw noSuch('product', id, param)
  return product
}

/** Creates a product and sends `product.created`; `param` is the parameter that describes it. Throws 400. */
export function createProduct(ctx: Context, params: NewProduct, param?: string): Product {
  const product = storeProduct(ctx, params, param)
  ctx.emit('product.created', product)
  return product
}

/** Creates a product without its event. Throws 400 for an id that is taken. */
export function storeProduct(ctx: Context, params: NewProduct, param?: string): Product {
  if (params.id !== undefined && ctx.store.get('products', params.id) !== undefined) {
    throw invalidRequest('Product already exists.', {
      code: 'resource_already_exists',
      param: param === undefined ? 'id' : `${param}[id]`,
    })
  }
  return ctx.store.put('products', {
    id: params.id ?? shortId('prod'),
    object: 'product',
    active: params.active ?? true,
    created: ctx.now,
    default_price: null,
    description: params.description ?? null,
    images: params.images ?? [],
    livemode: false,
    marketing_features: params.marketing_features ?? [],
    metadata: changeMetadata({}, params.metadata),
    name: params.name,
    package_dimensions: params.package_dimensions ?? null,
    shippable: params.shippable ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    tax_code: params.tax_code ?? null,
    tax_details: null,
    type: params.type ?? 'service',
    unit_label: params.unit_label ?? null,
    updated: ctx.now,
    url: params.url ?? null,
  })
}
