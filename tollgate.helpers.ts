// The integration guide's six helpers: record and check, by the name of the meter. What they guarantee is what core's
// `recordUsage` and `checkUsage` do.
import type { Context, MeterHelpers, QuotaCheck, Recorded } from '@tollgate/core'
import { meterHelpers } from '@tollgate/core'
import { catalog } from './tollgate.config.ts'

type Use = Omit<Parameters<MeterHelpers['record']>[1], 'amount'>

const { tokens, apiCalls, scrapingTasks } = meterHelpers(catalog)

export function recordTokenUsage(ctx: Context, input: Use & { tokens: number }): Promise<Recorded> {
  const { tokens: amount, ...use } = input
  return tokens.record(ctx, { ...use, amount })
}

/** `amount` calls; 1 unless given. */
export const recordApiCallUsage = apiCalls.record

/** `amount` tasks; 1 unless given. */
export const recordScrapingTaskUsage = scrapingTasks.record

export function checkTokenQuota(
  ctx: Context,
  { userId, requestedTokens = 1 }: { userId: string; requestedTokens?: number },
): Promise<QuotaCheck> {
  return tokens.check(ctx, { userId, amount: requestedTokens })
}

export function checkApiCallQuota(
  ctx: Context,
  { userId }: { userId: string },
): Promise<QuotaCheck> {
  return apiCalls.check(ctx, { userId })
}

export function checkScrapingTaskQuota(
  ctx: Context,
  { userId }: { userId: string },
): Promise<QuotaCheck> {
  return scrapingTasks.check(ctx, { userId })
}
