import type { Context } from '../../../core/context.ts'
import { noSuch } from '../../../core/errors.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, paginationFields, rangeParam } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { oneOf, text, unsupported } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'

const listParams = shape({
  ...paginationFields,
  created: rangeParam,
  invoice: text,
  payment: shape({
    payment_intent: text,
    payment_record: unsupported,
    type: oneOf('payment_intent', 'charge', 'payment_record'),
  }),
  status: text,
})

export const invoicePaymentEndpoints = [
  endpoint('GET /v1/invoice_payments', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/invoice_payments/:id', shape({}), (ctx, { id }) => retrieve(ctx, id)),
]

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const { invoice, payment, status } = params
  const docs = ctx.store.newest('invoice_payments', { index: 'invoice', key: invoice })
  const intent = payment?.payment_intent
  const found = docs.filter(
    (doc) =>
      (status === undefined || doc.status === status) &&
      (payment?.type === undefined || doc.payment.type === payment.type) &&
      (intent === undefined || doc.payment.payment_intent === intent) &&
      inRange(doc.created, params.created),
  )
  return listPage(found, params, '/v1/invoice_payments')
}

function retrieve(ctx: Context, id: string): object {
  const payment = ctx.store.get('invoice_payments', id)
  if (payment === undefined) throw noSuch('invoice_payment', id)
  return payment
}
