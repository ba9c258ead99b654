import { checkUsage } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { compiled } from '../../schemas/compiled.ts'
import { amount, meter, userId } from '../../schemas/primitives.ts'
import { balance, refusal } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Whether so much more would be allowed now. Changes nothing, and promises nothing: see `usage.consume`. */
export const checkProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/usage/check',
      summary: 'Whether so much more would be allowed now',
    },
  })
  .input(compiled(z.strictObject({ userId, meter, amount: amount.optional() })))
  .output(
    compiled(
      z.object({
        allowed: z.boolean(),
        reason: refusal.nullable(),
        message: z.string().nullable(),
        balance,
      }),
    ),
  )
  .query(({ ctx, input }) => checkUsage(coreOf(ctx), input))
