import { revokeApiKey } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../../authorize.ts'
import { coreOf } from '../../../context.ts'
import { shortText } from '../../../schemas/primitives.ts'
import { procedure } from '../../../trpc.ts'

/** The key is refused everywhere within 10 s. A repeat changes nothing. */
export const revokeProcedure = procedure
  .input(z.strictObject({ id: shortText }))
  .output(z.object({ id: z.string() }))
  .mutation(async ({ ctx, input: { id } }) => {
    await revokeApiKey(coreOf(ctx), { id, revokedBy: actorOf(ctx.caller) })
    return { id }
  })
