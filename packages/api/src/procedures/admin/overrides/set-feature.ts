import { setFeature } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../../authorize.ts'
import { coreOf } from '../../../context.ts'
import { featureLine } from '../../../schemas/billing.ts'
import { feature, featureValue, shortText, userId } from '../../../schemas/primitives.ts'
import { procedure } from '../../../trpc.ts'

/** Overrides a feature for a user, whatever their plan; null goes back to the plan's. */
export const setFeatureProcedure = procedure
  .input(z.strictObject({ userId, feature, value: featureValue.nullable(), reason: shortText }))
  .output(featureLine)
  .mutation(({ ctx, input }) => setFeature(coreOf(ctx), { ...input, actor: actorOf(ctx.caller) }))
