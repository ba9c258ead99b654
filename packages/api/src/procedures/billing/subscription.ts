import { getSubscription } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { subscription } from '../../schemas/billing.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** The subscription that counts, as of the last sync; null where there is none. */
export const subscriptionProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/subscription',
      summary: 'The subscription that counts, or null',
    },
  })
  .input(subject.optional())
  .output(subscription.nullable())
  .query(({ ctx, input }) =>
    getSubscription(coreOf(ctx), { userId: subjectOf(ctx.caller, input?.userId) }),
  )
