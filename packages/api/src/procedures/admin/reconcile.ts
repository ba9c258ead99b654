import { reconcile } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { reconciliation } from '../../schemas/admin.ts'
import { cursor } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'

/** At the usual pace, somewhat less than a proxy waits for an answer. */
const MAX_REQUESTS = 100

/**
 * Compares our rows with Stripe, and makes them equal unless `dryRun`. One call does a part of a large walk: until
 * `complete`, call again, a dry run with the `cursor` that it answered. Safe to repeat.
 */
export const reconcileProcedure = procedure
  .input(z.strictObject({ dryRun: z.boolean(), cursor: cursor.optional() }))
  .output(reconciliation)
  .mutation(({ ctx, input }) =>
    reconcile(coreOf(ctx), { ...input, maxRequests: MAX_REQUESTS, actor: actorOf(ctx.caller) }),
  )
