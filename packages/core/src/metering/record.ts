import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Recorded, RecordInput } from './usage.ts'
import { toRecorded } from './writer/results.ts'
import { toCall } from './writer/usage-call.ts'

/**
 * Records what happened, above the limit too. Counts once per user and key, whatever is repeated: the same
 * payload again gets the first result, another payload is IDEMPOTENCY_KEY_REUSED. Counts in the
 * window of `occurredAt`. Durable when it resolves. Throws VALIDATION, UNKNOWN_METER, USER_NOT_FOUND,
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
