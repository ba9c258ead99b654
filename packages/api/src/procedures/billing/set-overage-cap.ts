import { setOverageCap } from '@tollgate/core'
import { z } from 'zod'
import { payerOf, subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { meter } from '../../schemas/primitives.ts'
import { subject } from '../../schemas/subject.ts'
import { balance } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Sets the most that the payer spends on a meter beyond the plan in a billing period; null: no cap. Throws VALIDATION where nothing of it is sold. */
export const setOverageCapProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/set-overage-cap',
      summary: 'Cap what is spent beyond the plan in a billing period',
    },
  })
  .input(subject.extend({ meter, amountMinor: z.int().min(0).nullable() }))
  .output(balance)
  .mutation(({ ctx, input }) =>
    setOverageCap(coreOf(ctx), {
      ...input,
      userId: subjectOf(ctx.caller, input.userId),
      actor: payerOf(ctx.caller),
    }),
  )
