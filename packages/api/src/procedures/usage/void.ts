import { voidUsage } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { shortText } from '../../schemas/primitives.ts'
import { balance, usageId } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Takes one recorded use back, once. Who did it and why stay in the audit log. */
export const voidProcedure = procedure
  .meta({
    openapi: { method: 'POST', path: '/api/usage/void', summary: 'Take one recorded use back' },
  })
  .input(z.strictObject({ usageId, reason: shortText }))
  .output(z.object({ replayed: z.boolean(), balance }))
  .mutation(({ ctx, input }) => voidUsage(coreOf(ctx), { ...input, actor: actorOf(ctx.caller) }))
