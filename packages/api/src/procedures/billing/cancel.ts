import { cancelSubscription } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { subscription } from '../../schemas/billing.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** Ends the subscription when its period does. A repeat changes nothing. Throws NO_SUBSCRIPTION. */
export const cancelProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/cancel',
      summary: 'End the subscription when its period does',
    },
  })
  .input(subject)
  .output(subscription)
  .mutation(({ ctx, input }) =>
    cancelSubscription(coreOf(ctx), { userId: subjectOf(ctx.caller, input.userId) }),
  )
