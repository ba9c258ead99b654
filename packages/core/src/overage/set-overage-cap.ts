import type { Actor } from '../actor.ts'
import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import { checkMeter } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { invalid } from '../errors.ts'
import type { Balance } from '../quota/index.ts'
import { getUsage } from '../quota/verbs.ts'
import { lockTerms, upsertCap } from './cap-store.ts'

export interface OverageCapInput<M extends string = string> {
  userId: string
  meter: M
  /** In the minor unit of the subscription's currency, for its billing period; 0: nothing is sold; null: no cap. */
  amountMinor: number | null
  actor: Actor
}

/**
 * Sets the most that a user pays for use of a meter beyond the plan in a billing period, from the next decision on. In units
 * it is the whole units that the amount pays for. Lowered below what was sold, nothing more is sold. A repeat changes
 * nothing. Throws USER_NOT_FOUND, UNKNOWN_METER, VALIDATION for an amount that is none and where the user's subscription
 * sells no overage of the meter.
 */
export async function setOverageCap<C extends AnyCatalog>(
  ctx: Context<C>,
  input: OverageCapInput<MeterOf<C>>,
): Promise<Balance<MeterOf<C>>> {
  const { userId, meter, amountMinor } = input
  checkMeter(ctx.catalog, meter)
  if (amountMinor !== null && !(Number.isSafeInteger(amountMinor) && amountMinor >= 0)) {
    throw invalid('amountMinor', 'must be a whole number, 0 or more, or null')
  }
  // Before anything is written: it throws where there is no such user.
  await getUsage(ctx, { userId })
  await inTransaction(ctx.db.pool, async (tx) => {
    if (!(await lockTerms(tx, { userId, meter }))) {
      throw invalid('meter', `the subscription sells nothing of ${meter} beyond its limit`)
    }
    await upsertCap(tx, { ...input, now: ctx.clock.now() })
  })
  const { meters } = await getUsage(ctx, { userId })
  const balance = meters.find((each) => each.meter === meter)
  if (!balance) throw new Error(`no balance of ${meter}`)
  return balance
}
