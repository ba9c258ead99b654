import { getQuota } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { quota } from '../../schemas/billing.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** What may be used of each meter in a month, now. */
export const quotaProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/quota',
      summary: 'What may be used of each meter in a month',
    },
  })
  .input(subject.optional())
  .output(z.array(quota))
  .query(({ ctx, input }) =>
    getQuota(coreOf(ctx), { userId: subjectOf(ctx.caller, input?.userId) }),
  )
