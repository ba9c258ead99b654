import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Invoice } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { paginationFields } from '../../../http/params/list-params.ts'
import { shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { isEnded, periodEnd } from '../../subscriptions/subscription.ts'
import { noUpcoming } from './next-invoice.ts'
import { createPreview } from './preview.ts'
import type { PreviewParams } from './preview-params.ts'
import { previewParams, previewShape } from './preview-params.ts'

const linesParams = shape({ ...previewShape, ...paginationFields })

/** The upcoming invoice, which only versions before basil have. */
export const upcomingEndpoints = [
  endpoint('GET /v1/invoices/upcoming', previewParams, (ctx, { params }) => retrieve(ctx, params)),
  endpoint('GET /v1/invoices/upcoming/lines', linesParams, (ctx, { params }) => {
    const { data } = retrieve(ctx, params).lines
    return listPage(data, params, '/v1/invoices/upcoming/lines')
  }),
]

function retrieve(ctx: Context, params: PreviewParams): Omit<Invoice, 'id'> {
  if (params.customer === undefined && params.subscription === undefined) {
    throw invalidRequest(
      'You must either provide a `customer` or a `subscription` to the upcoming invoice endpoint.',
    )
  }
  const { id: _id, lines, ...invoice } = createPreview(ctx, ofCustomer(ctx, params))
  return { ...invoice, lines: { ...lines, url: '/v1/invoices/upcoming/lines' } }
}

/** A customer alone, also with further invoice items, means the one of its subscriptions that is invoiced next. */
function ofCustomer(ctx: Context, params: PreviewParams): PreviewParams {
  const { customer, schedule, schedule_details, subscription, subscription_details } = params
  const others = [schedule, schedule_details, subscription, subscription_details]
  if (customer === undefined || others.some((one) => one !== undefined)) return params
  const { id } = requireCustomer(ctx, customer, 'customer')
  const [next] = ctx.store
    .find('subscriptions', { index: 'customer', key: id })
    .filter((one) => !isEnded(one) && one.cancel_at === null)
    .sort((a, b) => periodEnd(a) - periodEnd(b))
  if (next === undefined) throw noUpcoming(id)
  return { ...params, subscription: next.id }
}
