import { voidUsage as voidIt } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { shortText } from '../../schemas/primitives.ts'
import { balance, usageId } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Takes one recorded use back, once; who and why are kept. `void` is a word of the language. */
export const voidUsage = procedure
  .meta({
    openapi: { method: 'POST', path: '/api/usage/void', summary: 'Take one recorded use back' },
  })
  .input(z.strictObject({ usageId, reason: shortText }))
  .output(z.object({ replayed: z.boolean(), balance }))
  .mutation(({ ctx, input }) => voidIt(coreOf(ctx), { ...input, actor: actorOf(ctx.caller) }))
