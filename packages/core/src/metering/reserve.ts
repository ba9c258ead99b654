import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import type { Reserved, ReserveInput } from './usage.ts'
import { toReserved } from './writer/results.ts'
import { decidedNow, toCall } from './writer/usage-call.ts'

const MAX_TTL_SECONDS = 86_400

/**
 * Sets an amount aside for work whose cost is known only afterwards: what is reserved is taken from what
 * others may have, until it is settled, released, or expires by itself. Decides as `consumeUsage` does, in
 * one atomic step; keys, repeats and errors are those of `recordUsage`.
 */
export async function reserveUsage<C extends AnyCatalog>(
  ctx: Context<C>,
  input: ReserveInput<MeterOf<C>>,
): Promise<Reserved<MeterOf<C>>> {
  const { ttlSeconds } = input
  if (ttlSeconds !== undefined && !isTtl(ttlSeconds)) {
    throw invalid('ttlSeconds', `must be a whole number from 1 to ${MAX_TTL_SECONDS}`)
  }
  const call = toCall('reserve', decidedNow(input), {
    catalog: ctx.catalog,
    now: ctx.clock.now(),
  })
  const [decision] = await ctx.usage.submit([call])
  return toReserved(ctx.catalog, decision)
}

function isTtl(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_TTL_SECONDS
}
