import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Consumed, UsageInput } from './usage.ts'
import { toConsumed } from './writer/results.ts'
import { decidedNow, toCall } from './writer/usage-call.ts'

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
