import { recordUsage } from '@tollgate/core'
import { coreOf } from '../../context.ts'
import { recorded, recordInput } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'
import { toRecordInput } from './to-record-input.ts'

/** Records what happened, above the limit too; counted once per user and key, whatever is repeated. */
export const recordProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/usage/record',
      summary: 'Record what happened, above the limit too',
    },
  })
  .input(recordInput)
  .output(recorded)
  .mutation(({ ctx, input }) => recordUsage(coreOf(ctx), toRecordInput(input)))
