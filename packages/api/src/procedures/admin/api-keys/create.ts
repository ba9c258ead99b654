import { createApiKey } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../../authorize.ts'
import { coreOf } from '../../../context.ts'
import { scope } from '../../../schemas/admin.ts'
import { givenInstant, shortText } from '../../../schemas/primitives.ts'
import { procedure } from '../../../trpc.ts'

/** Makes a key for a sibling app. The key is in this response and nowhere else. */
export const createProcedure = procedure
  .input(
    z.strictObject({
      name: shortText,
      scopes: z.array(scope).min(1),
      expiresAt: givenInstant.optional(),
    }),
  )
  .output(z.object({ id: z.string(), key: z.string() }))
  .mutation(({ ctx, input: { expiresAt, ...input } }) =>
    createApiKey(coreOf(ctx), {
      ...input,
      expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
      createdBy: actorOf(ctx.caller),
    }),
  )
