import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { Page } from '../page.ts'

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
export async function listInvoices(_ctx: Context, _input: InvoicesInput): Promise<Page<Invoice>> {
  throw new TollgateError('INTERNAL', 'not yet')
}

/** Everybody's invoices, the newest first: for the operator. Throws VALIDATION for a cursor that is not from here. */
export async function listAllInvoices(
  _ctx: Context,
  _input: AllInvoicesInput = {},
): Promise<Page<OwnedInvoice>> {
  throw new TollgateError('INTERNAL', 'not yet')
}
