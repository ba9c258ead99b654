import { changePlan } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { subscription } from '../../schemas/billing.ts'
import { givenInstant, interval, plan } from '../../schemas/primitives.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** Changes the plan: one that costs no less a month now, once it is paid, a cheaper one when the period ends. Throws NO_SUBSCRIPTION, STRIPE_REJECTED. */
export const changePlanProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/change-plan',
      summary: 'Change the plan: upgrade now, downgrade at period end',
    },
  })
  .input(
    subject.extend({ plan, interval: interval.optional(), prorationDate: givenInstant.optional() }),
  )
  .output(z.object({ subscription, actionUrl: z.string().nullable() }))
  .mutation(({ ctx, input }) =>
    changePlan(coreOf(ctx), { ...input, userId: subjectOf(ctx.caller, input.userId) }),
  )
