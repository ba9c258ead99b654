import { listInvoices } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
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
  .query(({ ctx, input }) =>
    listInvoices(coreOf(ctx), { ...input, userId: subjectOf(ctx.caller, input?.userId) }),
  )
