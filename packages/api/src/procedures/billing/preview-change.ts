import { previewChange as preview } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { changePreview } from '../../schemas/billing.ts'
import { plan } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'
import { subject } from './subject.ts'

/** What a change of plan would cost, to the cent, and when it would happen. Throws NO_SUBSCRIPTION. */
export const previewChange = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/preview-change',
      summary: 'What a change of plan would cost, and when it would happen',
    },
  })
  .input(subject.extend({ plan }))
  .output(changePreview)
  .query(({ ctx, input }) =>
    preview(coreOf(ctx), { userId: subjectOf(ctx.caller, input.userId), plan: input.plan }),
  )
