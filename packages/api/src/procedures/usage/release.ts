import { releaseReservation } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { balance, usageId } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Gives a reservation back unused; a repeat returns the same. */
export const releaseProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/usage/release',
      summary: 'Give a reservation back unused',
    },
  })
  .input(z.strictObject({ reservationId: usageId }))
  .output(z.object({ balance }))
  .mutation(({ ctx, input }) => releaseReservation(coreOf(ctx), input))
