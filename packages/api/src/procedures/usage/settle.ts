import { settleReservation } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { metadata, recorded, usageId } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Turns a reservation into the use that it came to; the same amount again returns the same. */
export const settleProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/usage/settle',
      summary: 'Turn a reservation into the use it came to',
    },
  })
  .input(
    z.strictObject({
      reservationId: usageId,
      amount: z.int().min(0),
      metadata: metadata.optional(),
    }),
  )
  .output(recorded.extend({ usageId: z.string().nullable() }))
  .mutation(({ ctx, input }) => settleReservation(coreOf(ctx), input))
