import { listUsers } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { page, paging, plan } from '../../schemas/primitives.ts'
import { balance } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

const row = z.object({
  userId: z.string(),
  email: z.string(),
  plan: plan.nullable(),
  status: z.string().nullable(),
  usage: z.array(balance),
})

/** All users with plan, status and this month's use. `search` finds part of an e-mail, name or id. */
export const usersProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/admin/users',
      summary: 'All users with plan, status and use',
    },
  })
  .input(
    z
      .strictObject({
        ...paging,
        search: z.string().max(255).optional(),
        plan: plan.optional(),
        status: z.string().max(40).optional(),
        sort: z.enum(['newest', 'email']).optional(),
      })
      .optional(),
  )
  .output(page(row))
  .query(({ ctx, input }) => listUsers(coreOf(ctx), input ?? {}))
