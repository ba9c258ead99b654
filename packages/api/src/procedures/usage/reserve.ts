import { reserveUsage } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { instant } from '../../schemas/primitives.ts'
import { consumed, consumeInput } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Sets an amount aside for work whose cost is known only afterwards. A refusal is a normal result. */
export const reserveProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/usage/reserve',
      summary: 'Set an amount aside for work under way',
    },
  })
  .input(consumeInput.extend({ ttlSeconds: z.int().min(1).max(86_400).optional() }))
  .output(
    consumed
      .omit({ usageId: true })
      .extend({ reservationId: z.string().nullable(), expiresAt: instant.nullable() }),
  )
  .mutation(({ ctx, input }) => reserveUsage(coreOf(ctx), input))
