import { getQuota } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { quota as output } from '../../schemas/billing.ts'
import { procedure } from '../../trpc.ts'
import { subject } from './subject.ts'

/** What may be used of each meter in a month, now. */
export const quota = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/quota',
      summary: 'What may be used of each meter in a month',
    },
  })
  .input(subject.optional())
  .output(z.array(output))
  .query(({ ctx, input }) =>
    getQuota(coreOf(ctx), { userId: subjectOf(ctx.caller, input?.userId) }),
  )
