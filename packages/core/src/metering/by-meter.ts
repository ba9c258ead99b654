import type { Meter } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Recorded, UsageInput } from './usage.ts'
import { checkUsage } from './check.ts'
import { recordUsage } from './record.ts'

// The integration guide's helpers: record and check, by the name of the meter. What they guarantee is what
// `recordUsage` and `checkUsage` do.

type Use = Pick<UsageInput, 'userId' | 'idempotencyKey' | 'metadata'>

export function recordTokenUsage(ctx: Context, input: Use & { tokens: number }): Promise<Recorded> {
  const { tokens, ...use } = input
  return recordUsage(ctx, { ...use, meter: 'tokens', amount: tokens })
}

/** `amount` calls; 1 unless given. */
export function recordApiCallUsage(
  ctx: Context,
  input: Use & { amount?: number },
): Promise<Recorded> {
  return recordUsage(ctx, { ...input, meter: 'apiCalls', amount: input.amount ?? 1 })
}

/** `amount` tasks; 1 unless given. */
export function recordScrapingTaskUsage(
  ctx: Context,
  input: Use & { amount?: number },
): Promise<Recorded> {
  return recordUsage(ctx, { ...input, meter: 'scrapingTasks', amount: input.amount ?? 1 })
}

/** What the guide's checks answer: `error` is a sentence for the user, null where allowed. */
export interface QuotaCheck {
  allowed: boolean
  error: string | null
}

export function checkTokenQuota(
  ctx: Context,
  { userId, requestedTokens = 1 }: { userId: string; requestedTokens?: number },
): Promise<QuotaCheck> {
  return check(ctx, { userId, meter: 'tokens', amount: requestedTokens })
}

export function checkApiCallQuota(ctx: Context, input: { userId: string }): Promise<QuotaCheck> {
  return check(ctx, { userId: input.userId, meter: 'apiCalls', amount: 1 })
}

export function checkScrapingTaskQuota(
  ctx: Context,
  input: { userId: string },
): Promise<QuotaCheck> {
  return check(ctx, { userId: input.userId, meter: 'scrapingTasks', amount: 1 })
}

async function check(
  ctx: Context,
  input: { userId: string; meter: Meter; amount: number },
): Promise<QuotaCheck> {
  const { allowed, message } = await checkUsage(ctx, input)
  return { allowed, error: message }
}
