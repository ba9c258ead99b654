import { getState } from '@tollgate/core'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { state } from '../../schemas/state.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** All that a sibling app decides by, in one call. */
export const stateProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/state',
      summary: 'Subscription, plan, features, balances, credits and alerts in one',
    },
  })
  .input(subject.optional())
  .output(state)
  .query(({ ctx, input }) =>
    getState(coreOf(ctx), { userId: subjectOf(ctx.caller, input?.userId) }),
  )
