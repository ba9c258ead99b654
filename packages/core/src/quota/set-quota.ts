import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import { checkMeter } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { invalid } from '../errors.ts'
import { checkText } from '../text.ts'
import type { MeterQuota } from './get-quota.ts'
import { getQuota } from './get-quota.ts'
import { deleteOverride, upsertOverride } from './quota-store.ts'

export interface SetQuotaInput<M extends string = string> {
  userId: string
  meter: M
  /** 0 allows nothing; null goes back to the plan. */
  limit: number | 'unlimited' | null
  reason: string
  actor: Actor
}

/**
 * Overrides a user's limit of a meter, from the next decision on and through changes of plan, until it is set
 * to null; who and why are in the audit log. It gives nothing to a user who has no plan: neither the free one nor one by
 * a subscription. A repeat changes nothing. Throws USER_NOT_FOUND, VALIDATION.
 */
export async function setQuota<C extends AnyCatalog>(
  ctx: Context<C>,
  input: SetQuotaInput<MeterOf<C>>,
): Promise<MeterQuota<MeterOf<C>>> {
  const { userId, meter, limit, reason, actor } = input
  checkMeter(ctx.catalog, meter)
  if (typeof limit === 'number' && !(Number.isSafeInteger(limit) && limit >= 0)) {
    throw invalid('limit', "must be a whole number, 0 or more, 'unlimited' or null")
  }
  checkText('reason', reason)
  // Before anything is written: it throws where there is no such user.
  await getQuota(ctx, { userId })
  await inTransaction(ctx.db.pool, async (tx) => {
    if (limit === null) await deleteOverride(tx, { userId, meter })
    else await upsertOverride(tx, { userId, meter, limit, reason, actor, at: ctx.clock.now() })
    const details = { meter, limit }
    await appendAudit(ctx, { actor, action: 'quota.set', userId, reason, details }, tx)
  })
  const quotas = await getQuota(ctx, { userId })
  const quota = quotas.find((each) => each.meter === meter)
  if (!quota) throw new Error(`no quota for ${meter}`)
  return quota
}
