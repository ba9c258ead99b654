import type { Context } from '../../context.ts'
import type { Page } from '../../database/page.ts'
import { decodeInstantCursor, PAGE_SIZE, toPage } from '../../database/page.ts'
import { readPayer } from '../payer/customer-store.ts'
import { readInvoices } from './invoice-store.ts'

/** Amounts are in the minor unit of `currency`. */
export interface Invoice {
  id: string
  /** Null until it is finalised. */
  number: string | null
  /** Stripe's: draft, open, paid, uncollectible or void. */
  status: string
  currency: string
  total: number
  amountPaid: number
  amountDue: number
  amountRefunded: number
  createdAt: string
  periodStart: string
  periodEnd: string
  hostedUrl: string | null
  pdfUrl: string | null
}

/** An invoice with whose it is. */
export interface OwnedInvoice extends Invoice {
  userId: string
  email: string
}

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

/** A user's invoices, the newest first. Throws USER_NOT_FOUND, VALIDATION for a cursor that is not from here. */
export async function listInvoices(
  ctx: Context,
  { userId, cursor, limit = PAGE_SIZE }: InvoicesInput,
): Promise<Page<Invoice>> {
  await readPayer(ctx, userId)
  const before = decodeInstantCursor(cursor)
  const rows = await readInvoices(ctx.db.pool, { userId, before, limit: limit + 1 })
  return toPage(rows, limit, {
    item: ({ userId: _, email: __, ...invoice }) => invoice,
    cursor: (row) => [row.createdAt, row.id],
  })
}

/** Everybody's invoices, the newest first: for the operator. Throws VALIDATION for a cursor that is not from here. */
export async function listAllInvoices(
  ctx: Context,
  { cursor, limit = PAGE_SIZE, status, search }: AllInvoicesInput = {},
): Promise<Page<OwnedInvoice>> {
  const before = decodeInstantCursor(cursor)
  const rows = await readInvoices(ctx.db.pool, { status, search, before, limit: limit + 1 })
  return toPage(rows, limit, {
    item: (invoice) => invoice,
    cursor: (row) => [row.createdAt, row.id],
  })
}
