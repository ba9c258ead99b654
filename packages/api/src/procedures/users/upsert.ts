import { passOnDetails, upsertUser } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { shortText, userId } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'

/** Makes or updates a billing subject. FORBIDDEN on the id of a sign-in account. A repeat is safe. */
export const upsertProcedure = procedure
  .meta({
    openapi: {
      method: 'PUT',
      path: '/api/users/{userId}',
      summary: 'Make or update a billing subject',
    },
  })
  .input(z.strictObject({ userId, email: z.email().max(255), name: shortText.optional() }))
  .output(z.object({ userId: z.string() }))
  .mutation(async ({ ctx, input }) => {
    const core = coreOf(ctx)
    const user = await upsertUser(core, input)
    await passOnDetails(core, user)
    return user
  })
