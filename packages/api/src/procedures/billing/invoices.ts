import { listInvoices } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { invoice } from '../../schemas/billing.ts'
import { page, paging } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'
import { subject } from './subject.ts'

/** A user's invoices, newest first. */
export const invoices = procedure
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
