import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import type { CustomerBalanceTransaction } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { currencyParam } from '../../http/params/currency.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { emptyable, integer, required, text } from '../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../http/params/shape.ts'
import { changeBalanceOf } from './balance.ts'
import { requireCustomer } from './customer.ts'

const createParams = shape({
  amount: required(integer()),
  currency: required(currencyParam),
  description: text,
  metadata,
})

const inPath = { transaction: required(text) }

const updateParams = shape({ ...inPath, description: emptyable(text), metadata })

const listParams = shape({ ...listFields, invoice: text })

const PATH = '/v1/customers/:id/balance_transactions'

/** The ledger of a customer's balance. */
export const customerBalanceEndpoints = [
  endpoint(`POST ${PATH}`, createParams, (ctx, { id, params }) => create(ctx, id, params)),
  endpoint(`GET ${PATH}`, listParams, (ctx, { id, params }) => list(ctx, id, params)),
  endpoint(`GET ${PATH}/:transaction`, shape(inPath), (ctx, { id, params }) =>
    requireTransaction(ctx, id, params.transaction),
  ),
  endpoint(`POST ${PATH}/:transaction`, updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
]

function create(ctx: Context, id: string, params: ValueOf<typeof createParams>): object {
  return changeBalanceOf(ctx, requireCustomer(ctx, id), {
    amount: params.amount,
    currency: params.currency,
    description: params.description ?? null,
    metadata: changeMetadata({}, params.metadata),
    type: 'adjustment',
  })
}

function list(ctx: Context, id: string, params: ValueOf<typeof listParams>): object {
  requireCustomer(ctx, id)
  const found = ctx.store
    .find('customer_balance_transactions', { index: 'customer', key: id })
    .filter(
      (doc) =>
        (params.invoice === undefined || doc.invoice === params.invoice) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, `/v1/customers/${id}/balance_transactions`)
}

function requireTransaction(
  ctx: Context,
  customer: string,
  id: string,
): CustomerBalanceTransaction {
  requireCustomer(ctx, customer)
  const found = ctx.store.get('customer_balance_transactions', id)
  if (found?.customer === customer) return found
  throw noSuch('customer_balance_transaction', id)
}

/** Only the description and the metadata can be changed (types of the `stripe` package). */
function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requireTransaction(ctx, id, params.transaction)
  return ctx.patch('customer_balance_transactions', before.id, {
    ...(params.description === undefined ? {} : { description: params.description }),
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
}
