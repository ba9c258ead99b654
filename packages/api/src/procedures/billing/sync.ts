import { syncBilling } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { subscription } from '../../schemas/billing.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** Reads this customer's state from Stripe now, stores it, and returns the subscription. A repeat is safe. */
export const syncProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/sync',
      summary: 'Converge a customer with Stripe now',
    },
  })
  .input(subject)
  .output(subscription.nullable())
  .mutation(({ ctx, input }) =>
    syncBilling(coreOf(ctx), { userId: subjectOf(ctx.caller, input.userId) }),
  )
