import { resumeSubscription } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { subscription } from '../../schemas/billing.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** Undoes a cancellation, or a downgrade that is still to come. A repeat changes nothing. Throws NO_SUBSCRIPTION. */
export const resumeProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/resume',
      summary: 'Undo a cancellation, or a downgrade to come',
    },
  })
  .input(subject)
  .output(subscription)
  .mutation(({ ctx, input }) =>
    resumeSubscription(coreOf(ctx), { userId: subjectOf(ctx.caller, input.userId) }),
  )
