import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { toConsumed, toRecorded } from './results.ts'
import type { Consumed, Recorded, RecordInput, UsageInput } from './usage.ts'
import { toCall } from './validate.ts'

/**
 * Records what happened, above the limit too. Counts once per user and key, whatever is repeated: the same
 * payload again is answered with the first answer, another payload is IDEMPOTENCY_KEY_REUSED. Counts in the
 * month of `occurredAt` (UTC). Durable when it resolves. Throws VALIDATION, UNKNOWN_METER, USER_NOT_FOUND,
 * RATE_LIMITED, UNAVAILABLE; then nothing was counted, or a retry with the same key finds that it was.
 */
export async function recordUsage<C extends AnyCatalog>(
  ctx: Context<C>,
  input: RecordInput<MeterOf<C>>,
): Promise<Recorded<MeterOf<C>>> {
  const call = toCall('record', input, { catalog: ctx.catalog, now: ctx.clock.now() })
  const [decision] = await ctx.usage.submit([call])
  return toRecorded(decision)
}

/**
 * Checks and records in one atomic step: counts only where used + reserved + amount ≤ limit, whatever other
 * callers and processes do at the same time. A refusal counts nothing and leaves the key unused. Otherwise
 * as `recordUsage`; it decides for now, so it takes no `occurredAt`.
 */
export async function consumeUsage<C extends AnyCatalog>(
  ctx: Context<C>,
  input: UsageInput<MeterOf<C>>,
): Promise<Consumed<MeterOf<C>>> {
  const call = toCall('consume', decidedNow(input), {
    catalog: ctx.catalog,
    now: ctx.clock.now(),
  })
  const [decision] = await ctx.usage.submit([call])
  return toConsumed(ctx.catalog, decision)
}

/** Throws VALIDATION for an input that dates itself: a decision is about now. */
export function decidedNow<T extends UsageInput>(input: T): T {
  if ('occurredAt' in input && input.occurredAt !== undefined) {
    throw invalid('occurredAt', 'must be left out: this decides for now; use record for the past')
  }
  return input
}
