import { getUsageHistory } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { date, meter } from '../../schemas/primitives.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** Use a day and meter between two dates (UTC, both included), newest first; days without use are left out. */
export const usageHistoryProcedure = procedure
  .meta({
    openapi: { method: 'GET', path: '/api/billing/usage-history', summary: 'Use by day and meter' },
  })
  .input(subject.extend({ from: date, to: date, meter: meter.optional() }))
  .output(z.array(z.object({ date, meter, amount: z.int(), events: z.int() })))
  .query(({ ctx, input }) =>
    getUsageHistory(coreOf(ctx), { ...input, userId: subjectOf(ctx.caller, input.userId) }),
  )
