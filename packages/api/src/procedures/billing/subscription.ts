import { getSubscription } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { subscription as output } from '../../schemas/billing.ts'
import { procedure } from '../../trpc.ts'
import { subject } from './subject.ts'

/** The subscription that counts, as of the last sync; null where there is none. */
export const subscription = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/subscription',
      summary: 'The subscription that counts, or null',
    },
  })
  .input(subject.optional())
  .output(output.nullable())
  .query(({ ctx, input }) =>
    getSubscription(coreOf(ctx), { userId: subjectOf(ctx.caller, input?.userId) }),
  )
