import type { Context } from '../../../core/context.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { paginationFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  cosmetic,
  oneOf,
  required,
  text,
  unsupported,
} from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { changesBetween } from '../../events/changes.ts'
import {
  addSource,
  removeSource,
  requireSource,
  setDefaultSource,
  sourceOf,
  sourcesOf,
} from './source.ts'

const inPath = { source: required(text) }

const updateParams = shape({
  ...inPath,
  account_holder_name: unsupported,
  account_holder_type: unsupported,
  address_city: text,
  address_country: text,
  address_line1: text,
  address_line2: text,
  address_state: text,
  address_zip: text,
  exp_month: text,
  exp_year: text,
  metadata,
  name: text,
  owner: unsupported,
})

const listParams = shape({ ...paginationFields, object: oneOf('card') })

export const sourceEndpoints = [
  endpoint(
    'POST /v1/customers/:id/sources',
    shape({
      source: required(text),
      metadata: unsupported,
      validate: cosmetic(
        boolean,
        'whether a new card is checked when it is added; here every card is',
      ),
    }),
    (ctx, { id, params }) => create(ctx, id, params.source),
  ),
  endpoint('GET /v1/customers/:id/sources', listParams, (ctx, { id, params }) =>
    list(ctx, id, params),
  ),
  endpoint('GET /v1/customers/:id/sources/:source', shape(inPath), (ctx, { id, params }) =>
    sourceOf(requireSource(ctx, requireCustomer(ctx, id).id, params.source)),
  ),
  endpoint('POST /v1/customers/:id/sources/:source', updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('DELETE /v1/customers/:id/sources/:source', shape(inPath), (ctx, { id, params }) =>
    remove(ctx, id, params.source),
  ),
]

function create(ctx: Context, id: string, token: string): object {
  const customer = requireCustomer(ctx, id)
  const source = addSource(ctx, customer, token)
  if (customer.default_source === null) setDefaultSource(ctx, id, source.id)
  return sourceOf(source)
}

function list(ctx: Context, id: string, params: ValueOf<typeof listParams>): object {
  const sources = sourcesOf(ctx, requireCustomer(ctx, id).id).map(sourceOf)
  return listPage(sources, params, `/v1/customers/${id}/sources`)
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requireSource(ctx, requireCustomer(ctx, id).id, params.source)
  const { billing_details: billing, card } = before
  if (card === undefined) throw new Error(`${before.id} is not a card`)
  const { address } = billing
  const after = ctx.patch('payment_methods', before.id, {
    billing_details: {
      ...billing,
      address: {
        city: params.address_city ?? address?.city ?? null,
        country: params.address_country ?? address?.country ?? null,
        line1: params.address_line1 ?? address?.line1 ?? null,
        line2: params.address_line2 ?? address?.line2 ?? null,
        postal_code: params.address_zip ?? address?.postal_code ?? null,
        state: params.address_state ?? address?.state ?? null,
      },
      name: params.name ?? billing.name,
    },
    card: {
      ...card,
      exp_month: Number(params.exp_month ?? card.exp_month),
      exp_year: Number(params.exp_year ?? card.exp_year),
    },
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
  const source = sourceOf(after)
  ctx.emit('customer.source.updated', source, changesBetween(sourceOf(before), source))
  return source
}

function remove(ctx: Context, id: string, source: string): object {
  removeSource(ctx, requireCustomer(ctx, id), source)
  return { id: source, object: 'card', deleted: true }
}
