import type { Price, Product } from '../../documents.ts'
import type { Searchable } from '../../http/params/search-params.ts'

/** The fields of a product that a search can ask for (docs.stripe.com/search). */
export const searchableProducts: Searchable<Product> = {
  resource: 'products',
  fields: {
    active: { type: 'token', of: (product) => product.active },
    description: { type: 'string', of: (product) => product.description },
    name: { type: 'string', of: (product) => product.name },
    shippable: { type: 'token', of: (product) => product.shippable },
    url: { type: 'string', of: (product) => product.url },
  },
}

/** The fields of a price that a search can ask for (docs.stripe.com/search). */
export const searchablePrices: Searchable<Price> = {
  resource: 'prices',
  fields: {
    active: { type: 'token', of: (price) => price.active },
    currency: { type: 'token', of: (price) => price.currency },
    lookup_key: { type: 'string', of: (price) => price.lookup_key },
    product: { type: 'string', of: (price) => price.product },
    type: { type: 'token', of: (price) => price.type },
  },
}
