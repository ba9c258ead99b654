import { getUsage } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { instant, period } from '../../schemas/primitives.ts'
import { subject } from '../../schemas/subject.ts'
import { balance } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** The balance of every meter in a month (UTC), from the counters that decide. */
export const usageProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/usage',
      summary: 'The balance of every meter in a month',
    },
  })
  .input(subject.extend({ period: period.optional() }).optional())
  .output(z.object({ periodStart: instant, periodEnd: instant, meters: z.array(balance) }))
  .query(({ ctx, input }) =>
    getUsage(coreOf(ctx), {
      userId: subjectOf(ctx.caller, input?.userId),
      period: input?.period,
    }),
  )
