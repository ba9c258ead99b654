import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { AnyCatalog, FeatureOf } from '../catalog/index.ts'
import { checkFeature } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { invalid } from '../errors.ts'
import { checkText } from '../text.ts'
import { deleteFeatureOverride, upsertFeatureOverride } from './feature-store.ts'
import type { FeatureLine } from './get-features.ts'
import { listFeatures } from './get-features.ts'

export interface SetFeatureInput<F extends string = string> {
  userId: string
  feature: F
  /** True or false, or a whole number where the feature is one; null goes back to the plan. */
  value: boolean | number | null
  reason: string
  actor: Actor
}

/**
 * Overrides a feature for a user, whatever their plan, until it is set to null; who and why are in the audit log. A
 * repeat changes nothing. Throws USER_NOT_FOUND, VALIDATION.
 */
export async function setFeature<C extends AnyCatalog>(
  ctx: Context<C>,
  input: SetFeatureInput<FeatureOf<C>>,
): Promise<FeatureLine<FeatureOf<C>>> {
  const { userId, feature, value, reason, actor } = input
  checkFeature(ctx.catalog, feature)
  checkValue(ctx.catalog, feature, value)
  checkText('reason', reason)
  // Before anything is written: it throws where there is no such user.
  await listFeatures(ctx, { userId })
  await inTransaction(ctx.db.pool, async (tx) => {
    const at = ctx.clock.now()
    if (value === null) await deleteFeatureOverride(tx, { userId, feature })
    else await upsertFeatureOverride(tx, { userId, feature, value, reason, actor, at })
    const details = { feature, value }
    await appendAudit(ctx, { actor, action: 'feature.set', userId, reason, details }, tx)
  })
  const line = (await listFeatures(ctx, { userId })).find((each) => each.feature === feature)
  if (!line) throw new Error(`no value of ${feature}`)
  return line
}

function checkValue(catalog: AnyCatalog, feature: string, value: boolean | number | null): void {
  if (value === null) return
  if (catalog.features[feature]?.type === 'number') {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return
    throw invalid('value', 'must be a whole number, 0 or more, or null')
  }
  if (typeof value !== 'boolean') throw invalid('value', 'must be true, false or null')
}
