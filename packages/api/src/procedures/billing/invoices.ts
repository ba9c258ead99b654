import type { Invoice } from '@tollgate/core'
import { listInvoices } from '@tollgate/core'
import { mayPay, subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { invoice } from '../../schemas/billing.ts'
import { page, paging } from '../../schemas/primitives.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** A user's invoices, newest first. */
export const invoicesProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/invoices',
      summary: "A user's invoices, newest first",
    },
  })
  .input(subject.extend(paging).optional())
  .output(page(invoice))
  .query(async ({ ctx, input }) => {
    const userId = subjectOf(ctx.caller, input?.userId)
    const { items, nextCursor } = await listInvoices(coreOf(ctx), { ...input, userId })
    return { items: mayPay(ctx.caller, userId) ? items : items.map(withoutLinks), nextCursor }
  })

/** The page of an invoice takes payments, and its PDF leads there. */
function withoutLinks(invoice: Invoice): Invoice {
  return { ...invoice, hostedUrl: null, pdfUrl: null }
}
