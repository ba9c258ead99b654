import { previewChange } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { changePreview } from '../../schemas/billing.ts'
import { interval, plan } from '../../schemas/primitives.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** What a change of plan would cost, to the cent, and when it would happen. Throws NO_SUBSCRIPTION. */
export const previewChangeProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/preview-change',
      summary: 'What a change of plan would cost, and when it would happen',
    },
  })
  .input(subject.extend({ plan, interval: interval.optional() }))
  .output(changePreview)
  .query(({ ctx, input }) =>
    previewChange(coreOf(ctx), { ...input, userId: subjectOf(ctx.caller, input.userId) }),
  )
