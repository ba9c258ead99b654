import { reconcile } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { reconciliation } from '../../schemas/admin.ts'
import { cursor } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'

/** At the usual pace these take somewhat less time than a proxy waits for a response. */
const MAX_REQUESTS = 100

/**
 * Compares our rows with Stripe, and makes them equal unless `dryRun`. One call may do only a part of a long run:
 * until `complete`, call again, a dry run with the `nextCursor` of the call before. Safe to repeat.
 */
export const reconcileProcedure = procedure
  .input(z.strictObject({ dryRun: z.boolean(), cursor: cursor.optional() }))
  .output(reconciliation)
  .mutation(({ ctx, input }) =>
    reconcile(coreOf(ctx), { ...input, maxRequests: MAX_REQUESTS, actor: actorOf(ctx.caller) }),
  )
