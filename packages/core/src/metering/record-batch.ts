import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { ErrorCode } from '../errors.ts'
import { invalid, TollgateError } from '../errors.ts'
import type { CheckedCall, RecordInput } from './usage.ts'
import { toUsageId } from './usage.ts'
import type { Decision } from './writer/decide.ts'
import { accepted } from './writer/results.ts'
import { toCall } from './writer/usage-call.ts'

export type BatchResult =
  | { ok: true; usageId: string; replayed: boolean }
  | { ok: false; errorCode: ErrorCode; message: string }

/** How many items a batch may have. */
export const MAX_BATCH = 1_000

/**
 * Records up to 1000 uses in one transaction, with a result for each in its place. A bad item fails alone. Each item
 * is a `recordUsage` of its own, with its own key: sending the batch again counts nothing twice.
 */
export async function recordUsageBatch<C extends AnyCatalog>(
  ctx: Context<C>,
  { events }: { events: readonly RecordInput<MeterOf<C>>[] },
): Promise<{ results: BatchResult[] }> {
  if (events.length < 1 || events.length > MAX_BATCH) {
    throw invalid('events', `must have 1 to ${MAX_BATCH} items`)
  }
  const at = { catalog: ctx.catalog, now: ctx.clock.now() }
  const checked = events.map((event) => check(event, at))
  const calls = checked.flatMap((item) => (item instanceof TollgateError ? [] : [item]))
  const decisions = calls.length > 0 ? await ctx.usage.submit(calls) : []
  const next = decisions.values()
  const results = checked.map((item) =>
    item instanceof TollgateError ? refuse(item) : toResult(next.next().value),
  )
  return { results }
}

function check(
  event: RecordInput,
  at: { catalog: AnyCatalog; now: Date },
): CheckedCall | TollgateError {
  try {
    return toCall('record', event, at)
  } catch (error) {
    if (error instanceof TollgateError) return error
    throw error
  }
}

function toResult(decision: Decision | undefined): BatchResult {
  if (decision?.kind === 'failed') return refuse(decision.error)
  const { entry, replayed } = accepted(decision)
  return { ok: true, usageId: toUsageId(entry.userId, entry.id), replayed }
}

function refuse(error: TollgateError): BatchResult {
  return { ok: false, errorCode: error.code, message: error.message }
}
