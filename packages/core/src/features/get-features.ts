import type { AnyCatalog, FeatureOf, FeatureValue } from '../catalog/index.ts'
import { checkFeature, planFeature } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { planAt, quotaRules } from '../quota/index.ts'
import { readCurrent } from '../subscriptions/index.ts'
import { checkText } from '../text.ts'
import { readFeatureOverrides } from './feature-store.ts'

/** Every feature of a catalogue with its value. */
export type FeatureValues<C extends AnyCatalog> = { [F in FeatureOf<C>]: FeatureValue<C, F> }

/** A feature of a user, and where its value is from. `none`: there is no plan. */
export interface FeatureLine<F extends string = string> {
  feature: F
  value: boolean | number
  source: 'plan' | 'override' | 'none'
}

/**
 * What a user has of each feature now: their plan's value, or an operator's override; false and 0 without either. In the
 * catalogue's order. Throws USER_NOT_FOUND.
 */
export async function listFeatures<C extends AnyCatalog>(
  { catalog, db, clock, settings }: Context<C>,
  { userId }: { userId: string },
): Promise<FeatureLine<FeatureOf<C>>[]> {
  checkText('userId', userId)
  const [subscription, overrides] = await Promise.all([
    readCurrent(db.pool, userId),
    readFeatureOverrides(db.pool, userId),
  ])
  const row = subscription ?? { status: null, plan: null, pastDueSince: null }
  const plan = planAt(row, clock.now(), quotaRules(catalog, settings.pastDueGraceDays))
  return catalog.featureIds.map((feature: FeatureOf<C>) => {
    const override = overrides.get(feature)
    if (override !== undefined) return { feature, value: override, source: 'override' as const }
    const source = plan === null ? ('none' as const) : ('plan' as const)
    return { feature, value: planFeature(catalog, plan, feature), source }
  })
}

/** What a user has of each feature now, by its id. Throws USER_NOT_FOUND. */
export async function getFeatures<C extends AnyCatalog>(
  ctx: Context<C>,
  input: { userId: string },
): Promise<FeatureValues<C>> {
  const lines = await listFeatures(ctx, input)
  const values = lines.map(({ feature, value }) => [feature, value] as const)
  // Object.fromEntries forgets which keys it was given; these are all of them.
  return Object.fromEntries(values) as FeatureValues<C>
}

/**
 * What a user has of one feature now: whether they may, or how many. Throws USER_NOT_FOUND, VALIDATION for a feature
 * that the catalogue lacks.
 */
export async function can<C extends AnyCatalog, F extends FeatureOf<C>>(
  ctx: Context<C>,
  { userId, feature }: { userId: string; feature: F },
): Promise<FeatureValue<C, F>> {
  checkFeature(ctx.catalog, feature)
  return (await getFeatures(ctx, { userId }))[feature]
}
