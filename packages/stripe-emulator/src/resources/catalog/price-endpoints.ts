import type { Context } from '../../core/context.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, emptyable, oneOf, text, unsupported } from '../../http/params/param.ts'
import { changeMetadata, listOf, metadata, shape } from '../../http/params/shape.ts'
import {
  changePrice,
  claimLookupKey,
  createPrice,
  createPriceParams,
  requirePrice,
} from './price.ts'

const updateParams = shape({
  active: boolean,
  currency_options: unsupported,
  lookup_key: emptyable(text),
  metadata,
  nickname: emptyable(text),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  transfer_lookup_key: boolean,
})

const listParams = shape({
  ...listFields,
  active: boolean,
  currency: text,
  lookup_keys: listOf(text),
  product: text,
  recurring: shape({
    interval: oneOf('day', 'week', 'month', 'year'),
    meter: text,
    usage_type: oneOf('licensed', 'metered'),
  }),
  type: oneOf('one_time', 'recurring'),
})

export const priceEndpoints = [
  endpoint('POST /v1/prices', createPriceParams, (ctx, { params }) => createPrice(ctx, params)),
  endpoint('GET /v1/prices', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/prices/:id', shape({}), (ctx, { id }) => requirePrice(ctx, id)),
  endpoint('POST /v1/prices/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
]

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const docs = ctx.store
    .newest('prices')
    .filter(
      (price) =>
        (params.active === undefined || price.active === params.active) &&
        (params.currency === undefined || price.currency === params.currency) &&
        (params.product === undefined || price.product === params.product) &&
        (params.type === undefined || price.type === params.type) &&
        (params.recurring?.interval === undefined ||
          price.recurring?.interval === params.recurring.interval) &&
        (params.recurring?.meter === undefined ||
          price.recurring?.meter === params.recurring.meter) &&
        (params.recurring?.usage_type === undefined ||
          price.recurring?.usage_type === params.recurring.usage_type) &&
        (params.lookup_keys === undefined ||
          (price.lookup_key !== null && params.lookup_keys.includes(price.lookup_key))) &&
        inRange(price.created, params.created),
    )
  return listPage(docs, params, '/v1/prices')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requirePrice(ctx, id)
  const { metadata: change, transfer_lookup_key: transfer, ...fields } = params
  const key = params.lookup_key ?? null
  if (key !== before.lookup_key) claimLookupKey(ctx, key, transfer === true)
  return changePrice(ctx, before, {
    ...fields,
    metadata: changeMetadata(before.metadata, change),
  })
}
