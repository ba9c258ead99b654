import { getOverview } from '@tollgate/core'
import { coreOf } from '../../context.ts'
import { overview } from '../../schemas/admin.ts'
import { procedure } from '../../trpc.ts'

/** Revenue a month, subscriptions, this month's use, failed payments, and what the operator should look at. */
export const overviewProcedure = procedure
  .output(overview)
  .query(({ ctx }) => getOverview(coreOf(ctx)))
