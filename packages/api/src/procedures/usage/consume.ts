import { consumeUsage } from '@tollgate/core'
import { coreOf } from '../../context.ts'
import { consumed, consumeInput } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Checks and records in one atomic step. A refusal is a normal result: it counts nothing and leaves the key unused. */
export const consumeProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/usage/consume',
      summary: 'Check and record in one atomic step',
    },
  })
  .input(consumeInput)
  .output(consumed)
  .mutation(({ ctx, input }) => consumeUsage(coreOf(ctx), input))
