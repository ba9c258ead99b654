import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import { perMeter } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { checkUsage } from './check.ts'
import { recordUsage } from './record.ts'
import type { Recorded, UsageInput } from './usage.ts'

/** The result of a check by the name of a meter: `error` is a sentence for the user, null where allowed. */
export interface QuotaCheck {
  allowed: boolean
  error: string | null
}

/** Record and check of one meter. */
export interface MeterHelpers<M extends string = string> {
  /** As `recordUsage` of this meter; `amount` is 1 unless given. */
  record(
    ctx: Context,
    use: Pick<UsageInput, 'userId' | 'idempotencyKey' | 'metadata'> & { amount?: number },
  ): Promise<Recorded<M>>
  /** As `checkUsage` of this meter; `amount` is 1 unless given. */
  check(ctx: Context, input: { userId: string; amount?: number }): Promise<QuotaCheck>
}

/**
 * Helpers by the names of a catalogue's meters, so that a product can call `tokens.record(ctx, …)`. The six
 * helpers of docs/integration-guide.md are made from these.
 */
export function meterHelpers<C extends AnyCatalog>(
  catalog: C,
): Record<MeterOf<C>, MeterHelpers<MeterOf<C>>> {
  return perMeter(catalog, (meter) => ({
    async record(ctx, { amount = 1, ...use }) {
      // The context's catalogue is the one of these helpers, or the meter is refused as unknown.
      return (await recordUsage(ctx, { ...use, meter, amount })) as Recorded<MeterOf<C>>
    },
    async check(ctx, { userId, amount = 1 }) {
      const { allowed, message } = await checkUsage(ctx, { userId, meter, amount })
      return { allowed, error: message }
    },
  }))
}
