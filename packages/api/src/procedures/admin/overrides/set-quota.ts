import { setQuota } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../../authorize.ts'
import { coreOf } from '../../../context.ts'
import { quota } from '../../../schemas/billing.ts'
import { meter, shortText, userId } from '../../../schemas/primitives.ts'
import { procedure } from '../../../trpc.ts'

/** Overrides a user's limit of a meter; null goes back to the plan's. Counts from the next decision on. */
export const setQuotaProcedure = procedure
  .input(
    z.strictObject({
      userId,
      meter,
      limit: z.union([z.int().min(0), z.literal('unlimited'), z.null()]),
      reason: shortText,
    }),
  )
  .output(quota)
  .mutation(({ ctx, input }) => setQuota(coreOf(ctx), { ...input, actor: actorOf(ctx.caller) }))
