import { listUsers, runningStatuses, userOrders } from '@tollgate/core'
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

/**
 * All users with plan, status and this month's use. `search` finds part of an e-mail or name, or a whole id. `plan` may
 * be a retired or former one; `unknown`: the price maps to no plan. `status` is that of the current subscription.
 */
export const users = procedure
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
        plan: z.union([plan, z.literal('unknown')]).optional(),
        status: z.enum([...runningStatuses, 'none']).optional(),
        sort: z.enum(userOrders).optional(),
      })
      .optional(),
  )
  .output(page(row))
  .query(({ ctx, input }) => listUsers(coreOf(ctx), input ?? {}))
