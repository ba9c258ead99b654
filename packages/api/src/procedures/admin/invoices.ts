import { listAllInvoices } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { invoice } from '../../schemas/billing.ts'
import { page, paging, search, shortText } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'

/** All invoices, newest first. `search` finds part of an e-mail, an invoice's number or id. */
export const invoicesProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/admin/invoices',
      summary: 'All invoices, newest first',
    },
  })
  .input(
    z
      .strictObject({
        ...paging,
        status: shortText.optional(),
        search: search.optional(),
      })
      .optional(),
  )
  .output(page(invoice.extend({ userId: z.string(), email: z.string() })))
  .query(({ ctx, input }) => listAllInvoices(coreOf(ctx), input ?? {}))
