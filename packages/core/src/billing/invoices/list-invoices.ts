import { requireUser } from '../../accounts/index.ts'
import type { Context } from '../../context.ts'
import type { Page } from '../../database/page.ts'
import { decodeInstantCursor, pageSize, toPage } from '../../database/page.ts'
import { checkSearch, checkText } from '../../text.ts'
import type { Invoice, OwnedInvoice } from './invoice.ts'
import { readInvoices } from './invoice-store.ts'

export interface InvoicesInput {
  userId: string
  /** Whether drafts are listed too: for the operator, since nobody has sent them yet. */
  drafts?: boolean | undefined
  cursor?: string | undefined
  /** 1–100 */
  limit?: number | undefined
}

export interface AllInvoicesInput {
  cursor?: string | undefined
  /** 1–100 */
  limit?: number | undefined
  /** Stripe's */
  status?: string | undefined
  /** A part of the e-mail address, or a whole invoice number or user id. */
  search?: string | undefined
}

/** A user's invoices, the newest first, without drafts unless asked for. Throws USER_NOT_FOUND, VALIDATION for a cursor of another list. */
export async function listInvoices(
  ctx: Context,
  { userId, cursor, drafts = false, ...input }: InvoicesInput,
): Promise<Page<Invoice>> {
  const limit = pageSize(input.limit)
  await requireUser(ctx.db.pool, userId)
  const before = decodeInstantCursor(cursor)
  const rows = await readInvoices(ctx.db.pool, { userId, drafts, before, limit: limit + 1 })
  return toPage(rows, limit, {
    item: ({ userId: _, email: __, ...invoice }) => invoice,
    cursor: (row) => [row.createdAt, row.id],
  })
}

/** The invoices of all users, drafts too, the newest first: for the operator. Throws VALIDATION for a cursor of another list. */
export async function listAllInvoices(
  ctx: Context,
  { cursor, status, ...input }: AllInvoicesInput = {},
): Promise<Page<OwnedInvoice>> {
  const limit = pageSize(input.limit)
  const search = checkSearch(input.search)
  if (status !== undefined) checkText('status', status)
  const before = decodeInstantCursor(cursor)
  const rows = await readInvoices(ctx.db.pool, {
    status,
    search,
    drafts: true,
    before,
    limit: limit + 1,
  })
  return toPage(rows, limit, {
    item: (invoice) => invoice,
    cursor: (row) => [row.createdAt, row.id],
  })
}
