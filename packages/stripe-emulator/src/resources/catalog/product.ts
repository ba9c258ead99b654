import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import { shortId } from '../../core/ids.ts'
import type { Product } from '../../documents.ts'
import {
  boolean,
  emptyable,
  ignored,
  required,
  text,
  unsupported,
} from '../../http/params/param.ts'
import type { ShapeOf } from '../../http/params/shape.ts'
import { listOf, metadata, shape } from '../../http/params/shape.ts'

const productFields = {
  active: boolean,
  description: emptyable(text),
  images: emptyable(listOf(text)),
  marketing_features: emptyable(listOf(shape({ name: required(text) }))),
  metadata,
  shippable: boolean,
  statement_descriptor: text,
  tax_code: emptyable(text),
  unit_label: emptyable(text),
  url: emptyable(text),
  package_dimensions: unsupported,
  tax_details: unsupported,
}

export const createProductParams = shape({
  ...productFields,
  id: text,
  name: required(text),
  default_price_data: unsupported,
  type: ignored,
})

export const updateProductParams = shape({ ...productFields, name: text, default_price: text })

/** A product that is not deleted. Throws 404, or 400 where `param` names it. */
export function requireProduct(ctx: Context, id: string, param?: string): Product {
  const product = ctx.store.get('products', id)
  if (product === undefined) throw noSuch('product', id, param)
  return product
}

/** A new product with the defaults of Stripe. */
export function newProduct(
  ctx: Context,
  params: ShapeOf<{ id: typeof text; name: ReturnType<typeof required<string>> }>,
): Product {
  return {
    id: params.id ?? shortId('prod'),
    object: 'product',
    active: true,
    created: ctx.now,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name: params.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: ctx.now,
    url: null,
  }
}
