import type { BatchResult, RecordInput } from '@tollgate/core'
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

/** More than a record has, so that an item with thousands is refused without a look at each. */
const MAX_FIELDS = 20

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
    const checked = input.events.map(check)
    const good = checked.flatMap((each) => ('use' in each ? [each.use] : []))
    const { results } =
      good.length > 0 ? await recordUsageBatch(coreOf(ctx), { events: good }) : { results: [] }
    const next = results.values()
    return { results: checked.map((each) => ('use' in each ? take(next) : each.refused)) }
  })

function check(event: unknown): { use: RecordInput } | { refused: BatchResult } {
  if (isTooMuch(event)) return { refused: refuse('has too many fields, or is nested too deep') }
  const { data, error } = recordInput.safeParse(event)
  return error ? { refused: refuse(inputError(error).message) } : { use: toRecordInput(data) }
}

/** Whether it is over the limits of a single call, as which the body's reader made a number of it, or not worth checking. */
function isTooMuch(event: unknown): boolean {
  if (typeof event === 'number') return !Number.isFinite(event)
  return typeof event === 'object' && event !== null && Object.keys(event).length > MAX_FIELDS
}

function take(results: Iterator<BatchResult>): BatchResult {
  const { value, done } = results.next()
  if (done) throw new Error('the batch returned fewer results than it had items')
  return value
}

function refuse(message: string): BatchResult {
  return { ok: false, errorCode: 'VALIDATION', message }
}
