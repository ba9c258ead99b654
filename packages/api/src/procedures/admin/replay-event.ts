import { replayEvent } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { webhookEvent } from '../../schemas/admin.ts'
import { shortText } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'

/** Handles an event of the inbox once more, and returns it as it is then. Safe to repeat. */
export const replayEventProcedure = procedure
  .input(z.strictObject({ eventId: shortText }))
  .output(webhookEvent)
  .mutation(({ ctx, input }) => replayEvent(coreOf(ctx), { ...input, actor: actorOf(ctx.caller) }))
