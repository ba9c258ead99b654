import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { CheckoutSession } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, paginationFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { integer, required, text } from '../../http/params/param.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { payCheckoutBy } from './complete/complete.ts'
import { createSession } from './create/create.ts'
import { expireSession } from './expire.ts'
import { lineItems } from './order/line-items.ts'
import {
  createSessionParams,
  listSessionsParams,
  updateSessionParams,
} from './params/session-params.ts'
import { requireSession } from './session.ts'

const confirmPageParams = shape({ expected_amount: integer(), payment_method: required(text) })

export const checkoutSessionEndpoints = [
  endpoint('POST /v1/checkout/sessions', createSessionParams, (ctx, { params }) =>
    createSession(ctx, params),
  ),
  endpoint('GET /v1/checkout/sessions', listSessionsParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/checkout/sessions/:id', shape({}), (ctx, { id }) => requireSession(ctx, id)),
  endpoint('POST /v1/checkout/sessions/:id', updateSessionParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('POST /v1/checkout/sessions/:id/expire', shape({}), (ctx, { id }) =>
    expireSession(ctx, id),
  ),
  endpoint(
    'GET /v1/checkout/sessions/:id/line_items',
    shape(paginationFields),
    (ctx, { id, params }) => {
      const all = lineItems(ctx, id)
      return listPage(all.data, params, all.url)
    },
  ),
  endpoint('GET /v1/payment_pages/:id', shape({}), (ctx, { id }) => requireSession(ctx, id)),
  endpoint('POST /v1/payment_pages/:id/confirm', confirmPageParams, (ctx, { id, params }) =>
    confirmPage(ctx, id, params),
  ),
]

function list(ctx: Context, params: ValueOf<typeof listSessionsParams>): object {
  const docs = ctx.store.newest('checkout_sessions', { index: 'customer', key: params.customer })
  const email = params.customer_details?.email
  const found = docs.filter(
    (doc) =>
      (params.status === undefined || doc.status === params.status) &&
      (params.subscription === undefined || doc.subscription === params.subscription) &&
      (params.payment_intent === undefined || doc.payment_intent === params.payment_intent) &&
      (email === undefined || doc.customer_details?.email === email) &&
      inRange(doc.created, params.created),
  )
  return listPage(found, params, '/v1/checkout/sessions')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateSessionParams>): object {
  const session = requireSession(ctx, id)
  return ctx.patch('checkout_sessions', id, {
    metadata: changeMetadata(session.metadata ?? {}, params.metadata),
  })
}

/** Submits the page of a session: a private part of the API, which Stripe's command line uses. */
function confirmPage(
  ctx: Context,
  id: string,
  params: ValueOf<typeof confirmPageParams>,
): CheckoutSession {
  const { amount_total: total } = requireSession(ctx, id)
  const { expected_amount: expected = total } = params
  if (expected !== total) {
    throw invalidRequest(`The expected amount (${expected}) is not the amount to pay (${total}).`, {
      param: 'expected_amount',
    })
  }
  return payCheckoutBy(ctx, id, params.payment_method).session
}
