import type pg from 'pg'
import type { OwnedInvoice } from './invoice.ts'

export interface InvoiceQuery {
  userId?: string | undefined
  status?: string | undefined
  /** Whether drafts are listed: nobody has sent them yet. */
  drafts: boolean
  /** A part of the e-mail address, or a whole invoice number or user id. */
  search?: string | undefined
  /** Only invoices older than this one. */
  before: { at: Date; id: string } | null
  limit: number
}

interface Row {
  id: string
  user_id: string
  email: string
  number: string | null
  status: string
  currency: string
  total: string
  amount_paid: string
  amount_due: string
  amount_refunded: string
  due_at: Date | null
  dispute_status: string | null
  amount_disputed: string
  created_at: Date
  period_start: Date
  period_end: Date
  hosted_url: string | null
  pdf_url: string | null
}

/**
 * Invoices, the newest first, by an index of the same order. The statement has no name, so that each call is planned
 * for the filters that it has.
 */
export async function readInvoices(
  db: pg.Pool | pg.ClientBase,
  query: InvoiceQuery,
): Promise<OwnedInvoice[]> {
  const { rows } = await db.query<Row>(
    `SELECT i.id, i.user_id, u.email, i.number, i.status, i.currency, i.total, i.amount_paid, i.amount_due,
       i.amount_refunded, i.due_at, i.dispute_status, i.amount_disputed, i.created_at, i.period_start, i.period_end, i.hosted_url, i.pdf_url
     FROM invoices i JOIN users u ON u.id = i.user_id
     WHERE ($1::text IS NULL OR i.user_id = $1)
       AND ($2::text IS NULL OR i.status = $2)
       AND ($3::text IS NULL OR strpos(lower(u.email), lower($3)) > 0 OR i.number = $3 OR i.user_id = $3)
       AND ($4::timestamptz IS NULL OR (i.created_at, i.id) < ($4, $5))
       AND ($7 OR i.status <> 'draft')
     ORDER BY i.created_at DESC, i.id DESC
     LIMIT $6`,
    [
      query.userId ?? null,
      query.status ?? null,
      query.search ?? null,
      query.before?.at ?? null,
      query.before?.id ?? null,
      query.limit,
      query.drafts,
    ],
  )
  return rows.map(toInvoice)
}

function toInvoice(row: Row): OwnedInvoice {
  return {
    id: row.id,
    userId: row.user_id,
    email: row.email,
    number: row.number,
    status: row.status,
    currency: row.currency,
    total: Number(row.total),
    amountPaid: Number(row.amount_paid),
    amountDue: Number(row.amount_due),
    amountRefunded: Number(row.amount_refunded),
    dueAt: row.due_at?.toISOString() ?? null,
    disputeStatus: row.dispute_status,
    amountDisputed: Number(row.amount_disputed),
    createdAt: row.created_at.toISOString(),
    periodStart: row.period_start.toISOString(),
    periodEnd: row.period_end.toISOString(),
    hostedUrl: row.hosted_url,
    pdfUrl: row.pdf_url,
  }
}
