import type { Context } from '../../../core/context.ts'
import type { CreditNote } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, paginationFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { changeMetadata, shape } from '../../../http/params/shape.ts'
import { changesBetween } from '../../events/changes.ts'
import { requireCreditNote } from './credit-note.ts'
import type { CreditNoteParams } from './credit-note-params.ts'
import { createParams, listParams, previewLinesParams, updateParams } from './credit-note-params.ts'
import { issueCreditNote, voidCreditNote } from './issue.ts'

export const creditNoteEndpoints = [
  endpoint('POST /v1/credit_notes', createParams, (ctx, { params }) =>
    issueCreditNote(ctx, params),
  ),
  endpoint('GET /v1/credit_notes', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/credit_notes/preview', createParams, (ctx, { params }) => preview(ctx, params)),
  endpoint('GET /v1/credit_notes/preview/lines', previewLinesParams, (ctx, { params }) =>
    listPage(preview(ctx, params).lines.data, params, '/v1/credit_notes/preview/lines'),
  ),
  endpoint('GET /v1/credit_notes/:id', shape({}), (ctx, { id }) => requireCreditNote(ctx, id)),
  endpoint('POST /v1/credit_notes/:id', updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('GET /v1/credit_notes/:id/lines', shape(paginationFields), (ctx, { id, params }) =>
    listPage(requireCreditNote(ctx, id).lines.data, params, `/v1/credit_notes/${id}/lines`),
  ),
  endpoint('POST /v1/credit_notes/:id/void', shape({}), (ctx, { id }) =>
    voidCreditNote(ctx, requireCreditNote(ctx, id)),
  ),
]

/** Issues the credit note and rolls everything back, so that a preview cannot differ from the real one. */
function preview(ctx: Context, params: CreditNoteParams): CreditNote {
  const before = ctx.store.mark()
  const events = ctx.events.length
  try {
    return issueCreditNote(ctx, params)
  } finally {
    ctx.store.rollbackTo(before)
    ctx.events.length = events
  }
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const { customer, invoice } = params
  const docs =
    invoice === undefined
      ? ctx.store.newest('credit_notes')
      : ctx.store.find('credit_notes', { index: 'invoice', key: invoice })
  const found = docs.filter(
    (note) =>
      (customer === undefined || note.customer === customer) &&
      inRange(note.created, params.created),
  )
  return listPage(found, params, '/v1/credit_notes')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requireCreditNote(ctx, id)
  const after = ctx.patch('credit_notes', id, {
    ...(params.memo === undefined ? {} : { memo: params.memo }),
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
  ctx.emit('credit_note.updated', after, changesBetween(before, after))
  return after
}
