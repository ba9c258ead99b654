import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import { checkMeter } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { userNotFound } from '../errors.ts'
import type { Balance, Refusal } from '../quota/index.ts'
import { balanceOf, refusalMessage, refusalOf } from '../quota/index.ts'
import { readEntitled } from '../quota/verbs.ts'
import { checkText } from '../text.ts'
import type { UsageInput } from './usage.ts'
import { checkAmount } from './writer/usage-call.ts'

export interface Check<M extends string = string> {
  allowed: boolean
  reason: Refusal | null
  message: string | null
  balance: Balance<M>
}

/**
 * Whether `amount` (1 unless given) more would be allowed now. Changes nothing and promises nothing: other
 * callers may use the rest before you record. `consumeUsage` is the step that can't overshoot.
 * Throws VALIDATION, UNKNOWN_METER, USER_NOT_FOUND.
 */
export async function checkUsage<C extends AnyCatalog>(
  ctx: Context<C>,
  input: Pick<UsageInput<MeterOf<C>>, 'userId' | 'meter'> & { amount?: number | undefined },
): Promise<Check<MeterOf<C>>> {
  checkMeter(ctx.catalog, input.meter)
  const userId = checkText('userId', input.userId)
  const amount = checkAmount(input.amount ?? 1)
  const { meter } = input
  const [standing] = await readEntitled(ctx, { userIds: [userId], meters: [meter] })
  if (!standing) throw userNotFound(userId)
  const balance = balanceOf(standing, standing, standing.entitlement)
  const reason = refusalOf(standing, standing.entitlement, amount)
  const message = reason && refusalMessage(ctx.catalog, { reason, amount, balance })
  return { allowed: reason === null, reason, message, balance }
}
