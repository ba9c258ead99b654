import type { BatchResult } from '@tollgate/core'
import { errorCodes, MAX_BATCH, recordUsageBatch } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { inputError } from '../../errors.ts'
import { recordInput } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'
import { toRecordInput } from './to-record-input.ts'

/** Typed as a record's input and checked item by item, so that a bad one never fails the others. */
const item = z
  .custom<z.input<typeof recordInput>>()
  .meta({ override: { type: 'object', description: 'As the body of /api/usage/record' } })

const result = z.union([
  z.object({ ok: z.literal(true), usageId: z.string(), replayed: z.boolean() }),
  z.object({ ok: z.literal(false), errorCode: z.enum(errorCodes), message: z.string() }),
])

/** Records up to 1000 uses, each as `usage.record` would, with a result for each, in order. */
export const recordBatchProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/usage/record-batch',
      summary: 'Record up to a thousand uses',
    },
  })
  .input(z.strictObject({ events: z.array(item).min(1).max(MAX_BATCH) }))
  .output(z.object({ results: z.array(result) }))
  .mutation(async ({ ctx, input }) => {
    const checked = input.events.map((event) => recordInput.safeParse(event))
    const good = checked.flatMap((each) => (each.success ? [toRecordInput(each.data)] : []))
    const { results } =
      good.length > 0 ? await recordUsageBatch(coreOf(ctx), { events: good }) : { results: [] }
    const next = results.values()
    return { results: checked.map((each) => (each.success ? take(next) : refuse(each.error))) }
  })

function take(results: Iterator<BatchResult>): BatchResult {
  const { value, done } = results.next()
  if (done) throw new Error('the batch returned fewer results than it had items')
  return value
}

function refuse(error: z.ZodError): BatchResult {
  const { errorCode, message } = inputError(error)
  return { ok: false, errorCode, message }
}
