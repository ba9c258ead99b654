import type { Context } from '../context.ts'
import type { ErrorCode } from '../errors.ts'
import { invalid, TollgateError } from '../errors.ts'
import type { Decision } from './decide.ts'
import type { Consumed, Recorded, RecordInput, UsageCall, UsageInput } from './usage.ts'
import { toCall } from './validate.ts'

/**
 * Records what happened, above the limit too. Counts once per user and key, whatever is repeated: the same
 * payload again is answered with the first answer, another payload is IDEMPOTENCY_KEY_REUSED. Counts in the
 * month of `occurredAt` (UTC). Durable when it resolves. Throws VALIDATION, UNKNOWN_METER, USER_NOT_FOUND,
 * RATE_LIMITED, UNAVAILABLE; then nothing was counted, or a retry with the same key finds that it was.
 */
export async function recordUsage(ctx: Context, input: RecordInput): Promise<Recorded> {
  const call = toCall('record', input, ctx.clock.now())
  const [decision] = await ctx.usage.submit([call])
  return answer(decision)
}

/**
 * Checks and records in one atomic step: counts only where used + reserved + amount ≤ limit, whatever other
 * callers and processes do at the same time. A refusal counts nothing and leaves the key unused. Otherwise
 * as `recordUsage`; it decides for now, so it takes no `occurredAt`.
 */
export async function consumeUsage(ctx: Context, input: UsageInput): Promise<Consumed> {
  if ('occurredAt' in input && input.occurredAt !== undefined) {
    throw invalid(
      'occurredAt',
      'must be left out: consume decides for now; use record for the past',
    )
  }
  const call = toCall('consume', input, ctx.clock.now())
  const [decision] = await ctx.usage.submit([call])
  return answer(decision) as Consumed
}

export type BatchResult =
  | { ok: true; usageId: string; replayed: boolean }
  | { ok: false; errorCode: ErrorCode; message: string }

/** How many items a batch may have. */
export const MAX_BATCH = 1_000

/**
 * Records up to 1000 uses in one transaction and answers each in its place. A bad item fails alone. Each item
 * is a `recordUsage` of its own, with its own key: sending the batch again counts nothing twice.
 */
export async function recordUsageBatch(
  ctx: Context,
  { events }: { events: readonly RecordInput[] },
): Promise<{ results: BatchResult[] }> {
  if (events.length < 1 || events.length > MAX_BATCH) {
    throw invalid('events', `must have 1 to ${MAX_BATCH} items`)
  }
  const now = ctx.clock.now()
  const checked = events.map((event) => check(event, now))
  const calls = checked.flatMap((item) => (item instanceof TollgateError ? [] : [item]))
  const decisions = calls.length > 0 ? await ctx.usage.submit(calls) : []
  const next = decisions.values()
  const results = checked.map((item): BatchResult => {
    if (item instanceof TollgateError) return refuse(item)
    const decision = next.next().value
    if (!decision || decision.kind === 'refused') throw new Error('a record was refused')
    if (decision.kind === 'failed') return refuse(decision.error)
    const { usageId, replayed } = decision.answer as Recorded
    return { ok: true, usageId, replayed }
  })
  return { results }
}

function check(event: RecordInput, now: Date): UsageCall | TollgateError {
  try {
    return toCall('record', event, now)
  } catch (error) {
    if (error instanceof TollgateError) return error
    throw error
  }
}

function refuse(error: TollgateError): BatchResult {
  return { ok: false, errorCode: error.code, message: error.message }
}

function answer(decision: Decision | undefined): Recorded {
  if (!decision) throw new Error('the writer left a call without a decision')
  if (decision.kind === 'failed') throw decision.error
  return decision.answer as Recorded
}
