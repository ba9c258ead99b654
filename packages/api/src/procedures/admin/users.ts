import { checkPlan, listUsers, runningStatuses, userOrders } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { page, paging, plan, search } from '../../schemas/primitives.ts'
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
 * All users with plan, status and this month's use. `search` finds part of an e-mail address or name, or a whole id.
 * `plan` may be a retired one, since customers have it; `unknown`: the price maps to no plan. `status` is that of the
 * current subscription. Throws UNKNOWN_PLAN.
 */
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
        search: search.optional(),
        plan: z.union([plan, z.literal('unknown')]).optional(),
        status: z.enum([...runningStatuses, 'none']).optional(),
        sort: z.enum(userOrders).optional(),
      })
      .optional(),
  )
  .output(page(row))
  .query(({ ctx, input = {} }) => {
    const core = coreOf(ctx)
    if (input.plan !== undefined && input.plan !== 'unknown') checkPlan(core.catalog, input.plan)
    return listUsers(core, input)
  })
