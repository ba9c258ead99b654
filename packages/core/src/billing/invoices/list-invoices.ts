import type { Context } from '../../context.ts'
import type { Page } from '../../database/page.ts'
import { decodeInstantCursor, pageSize, toPage } from '../../database/page.ts'
import { checkSearch, checkText } from '../../text.ts'
import { readPayer } from '../payer/payer-store.ts'
import type { Invoice, OwnedInvoice } from './invoice.ts'
import { readInvoices } from './invoice-store.ts'

export interface InvoicesInput {
  userId: string
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

/** A user's invoices, the newest first. Throws USER_NOT_FOUND, VALIDATION for a cursor of another list. */
export async function listInvoices(
  ctx: Context,
  { userId, cursor, ...input }: InvoicesInput,
): Promise<Page<Invoice>> {
  const limit = pageSize(input.limit)
  await readPayer(ctx.db.pool, userId)
  const before = decodeInstantCursor(cursor)
  const rows = await readInvoices(ctx.db.pool, { userId, before, limit: limit + 1 })
  return toPage(rows, limit, {
    item: ({ userId: _, email: __, ...invoice }) => invoice,
    cursor: (row) => [row.createdAt, row.id],
  })
}

/** The invoices of all users, the newest first: for the operator. Throws VALIDATION for a cursor of another list. */
export async function listAllInvoices(
  ctx: Context,
  { cursor, status, ...input }: AllInvoicesInput = {},
): Promise<Page<OwnedInvoice>> {
  const limit = pageSize(input.limit)
  const search = checkSearch(input.search)
  if (status !== undefined) checkText('status', status)
  const before = decodeInstantCursor(cursor)
  const rows = await readInvoices(ctx.db.pool, { status, search, before, limit: limit + 1 })
  return toPage(rows, limit, {
    item: (invoice) => invoice,
    cursor: (row) => [row.createdAt, row.id],
  })
}
