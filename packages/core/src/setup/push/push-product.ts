import { planOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { PLAN_MARK, writeOnce } from '../../stripe/index.ts'
import { assertNoConflict, findProduct, productIdOf } from '../plan-objects.ts'
import type { PlannedStep } from './push-step.ts'

/** The step for a plan's product. Throws VALIDATION where the product names another plan. */
export async function planProduct(ctx: Context, plan: string): Promise<PlannedStep> {
  const { name, description } = planOf(ctx.catalog, plan)
  const id = productIdOf(plan)
  const metadata = { [PLAN_MARK]: plan }
  const step = { object: 'product', plan, id, detail: name } as const
  const found = await findProduct(ctx, plan)
  if (!found) {
    // Stripe takes no empty text for a new object.
    const params = { id, name, metadata, ...(description !== '' && { description }) }
    return {
      step: { ...step, action: 'create' },
      apply: async () => {
        await writeOnce(ctx, {
          words: ['product', id, name, description],
          find: async () => (await findProduct(ctx, plan))?.object ?? null,
          send: (idempotencyKey) =>
            ctx.stripe.call((stripe) => stripe.products.create(params, { idempotencyKey })),
        })
        return {}
      },
    }
  }
  assertNoConflict(plan, found)
  const { object } = found
  const isSame = object.name === name && (object.description ?? '') === description
  if (isSame && object.active && found.plan !== null) return { step: { ...step, action: 'keep' } }
  return {
    step: { ...step, action: 'update' },
    apply: async () => {
      const params = { name, description, active: true, metadata }
      await ctx.stripe.call((stripe) => stripe.products.update(id, params))
      return {}
    },
  }
}
