import { nextPayment } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { nextPayment as schema } from '../../schemas/billing.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** What Stripe will ask for next, as it would be now; null where nothing will be asked. */
export const nextPaymentProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/next-payment',
      summary: 'What Stripe will ask for next, or null',
    },
  })
  .input(subject.optional())
  .output(schema.nullable())
  .query(({ ctx, input }) =>
    nextPayment(coreOf(ctx), { userId: subjectOf(ctx.caller, input?.userId) }),
  )
