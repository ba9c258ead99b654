import { getFeatures } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { features } from '../../schemas/billing.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** What may be used of each feature now: true or false, or a number. */
export const featuresProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/features',
      summary: 'The value of each feature of the catalogue',
    },
  })
  .input(subject.optional())
  .output(features)
  .query(({ ctx, input }) =>
    getFeatures(coreOf(ctx), { userId: subjectOf(ctx.caller, input?.userId) }),
  )
