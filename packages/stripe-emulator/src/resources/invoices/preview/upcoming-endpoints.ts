import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Invoice } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { paginationFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { createPreview } from './preview.ts'
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

function retrieve(ctx: Context, params: ValueOf<typeof previewParams>): Omit<Invoice, 'id'> {
  if (params.customer === undefined && params.subscription === undefined) {
    throw invalidRequest(
      'You must either provide a `customer` or a `subscription` to the upcoming invoice endpoint.',
    )
  }
  const { id: _id, lines, ...invoice } = createPreview(ctx, params)
  return { ...invoice, lines: { ...lines, url: '/v1/invoices/upcoming/lines' } }
}
