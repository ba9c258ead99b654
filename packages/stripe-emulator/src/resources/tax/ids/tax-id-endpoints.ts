import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { paginationFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { oneOfWorking, required, text, unsupported } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { refreshDrafts } from '../../customers/drafts.ts'
import { addTaxId, removeTaxId, requireTaxId, taxIdsOf } from './tax-id.ts'
import { taxIdFields, taxIdParam } from './tax-id-params.ts'

const owner = shape({
  account: unsupported,
  customer: text,
  customer_account: unsupported,
  type: required(oneOfWorking({ working: ['customer', 'self'], gaps: ['account', 'application'] })),
})

const createParams = shape({ ...taxIdFields, owner })
const listParams = shape({ ...paginationFields, owner })
const inPath = shape({ tax_id: required(text) })

const PATH = '/v1/customers/:id/tax_ids'

export const taxIdEndpoints = [
  endpoint(`POST ${PATH}`, taxIdParam, (ctx, { id, params }) => create(ctx, id, params)),
  endpoint(`GET ${PATH}`, shape(paginationFields), (ctx, { id, params }) =>
    listPage(
      taxIdsOf(ctx, requireCustomer(ctx, id).id).reverse(),
      params,
      `/v1/customers/${id}/tax_ids`,
    ),
  ),
  endpoint(`GET ${PATH}/:tax_id`, inPath, (ctx, { id, params }) =>
    requireTaxId(ctx, params.tax_id, requireCustomer(ctx, id).id),
  ),
  endpoint(`DELETE ${PATH}/:tax_id`, inPath, (ctx, { id, params }) =>
    remove(ctx, params.tax_id, requireCustomer(ctx, id).id),
  ),
  endpoint('POST /v1/tax_ids', createParams, (ctx, { params: { owner: of, ...given } }) =>
    create(ctx, customerOf(of), given),
  ),
  endpoint('GET /v1/tax_ids', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/tax_ids/:id', shape({}), (ctx, { id }) => requireTaxId(ctx, id)),
  endpoint('DELETE /v1/tax_ids/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

/** The customer of an owner; null: the account itself. */
function customerOf(of: ValueOf<typeof owner> | undefined): string | null {
  if (of === undefined || of.type === 'self') return null
  if (of.customer !== undefined) return of.customer
  throw invalidRequest('Missing required param: owner[customer].', {
    code: 'parameter_missing',
    param: 'owner[customer]',
  })
}

function create(ctx: Context, owner: string | null, given: ValueOf<typeof taxIdParam>): object {
  const customer = owner === null ? null : requireCustomer(ctx, owner)
  const id = addTaxId(ctx, customer, given)
  if (customer !== null) refreshDrafts(ctx, customer)
  return id
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const customer = customerOf(params.owner)
  const found = ctx.store.newest('tax_ids').filter((one) => one.customer === customer)
  return listPage(found, params, '/v1/tax_ids')
}

function remove(ctx: Context, id: string, of?: string): object {
  const found = requireTaxId(ctx, id, of)
  const removed = removeTaxId(ctx, found)
  const customer = ctx.store.get('customers', found.customer ?? '')
  if (customer !== undefined) refreshDrafts(ctx, customer)
  return removed
}
