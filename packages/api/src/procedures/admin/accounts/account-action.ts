import type { AccountAction, Context } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../../authorize.ts'
import { coreOf } from '../../../context.ts'
import { shortText, userId } from '../../../schemas/primitives.ts'
import { procedure } from '../../../trpc.ts'

type Verb = (core: Context, action: AccountAction) => Promise<{ userId: string }>

/** What an admin does to somebody's account: to whom, and why. Actor and reason are kept in the audit log. */
export function accountAction(verb: Verb, openapi: { path: `/${string}`; summary: string }) {
  return procedure
    .meta({ openapi: { method: 'POST', ...openapi } })
    .input(z.strictObject({ userId, reason: shortText }))
    .output(z.object({ userId: z.string() }))
    .mutation(({ ctx, input }) => verb(coreOf(ctx), { ...input, actor: actorOf(ctx.caller) }))
}
