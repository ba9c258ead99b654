import type { Context } from '../context.ts'
import type { Balance, Refusal } from '../quota/index.ts'
import {
  balanceOf,
  entitlementAt,
  monthOf,
  readStanding,
  refusalMessage,
  refusalOf,
  userNotFound,
} from '../quota/index.ts'
import type { UsageInput } from './usage.ts'
import { checkAmount, checkMeter, checkText } from './validate.ts'

export interface Check {
  allowed: boolean
  reason: Refusal | null
  message: string | null
  balance: Balance
}

/**
 * Whether `amount` (1 unless given) more would be allowed now. Changes nothing and promises nothing: between
 * a check and a record others may use the rest; `consumeUsage` is the step that can't overshoot.
 * Throws VALIDATION, UNKNOWN_METER, USER_NOT_FOUND.
 */
export async function checkUsage(
  ctx: Context,
  input: Pick<UsageInput, 'userId' | 'meter'> & { amount?: number | undefined },
): Promise<Check> {
  checkMeter(input.meter)
  const userId = checkText('userId', input.userId)
  const amount = checkAmount(input.amount ?? 1)
  const now = ctx.clock.now()
  const month = monthOf(now)
  const key = { userId, period: month.period, meters: [input.meter], now }
  const [standing] = (await readStanding(ctx.db.pool, key)) ?? []
  if (!standing) throw userNotFound(userId)
  const entitlement = entitlementAt(standing.quota, now, ctx.settings.pastDueGraceDays)
  const balance = balanceOf({ meter: input.meter, month }, standing, entitlement)
  const reason = refusalOf(standing, entitlement, amount)
  const message = reason && refusalMessage(reason, amount, balance)
  return { allowed: reason === null, reason, message, balance }
}
