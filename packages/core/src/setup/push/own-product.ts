import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { writeOnce } from '../../stripe/index.ts'
import { findProductById } from '../find-product.ts'
import type { PlannedStep } from './push-step.ts'

/** A product that is ours alone, as it has to be. */
export interface OwnProduct {
  id: string
  name: string
  /** Null where it is of no one plan. */
  plan: string | null
  /** What marks it as ours. */
  metadata: Record<string, string>
}

/** The step for a product that is ours alone. `assertOurs` throws for one under its id that is not. */
export async function planOwnProduct(
  ctx: Context,
  { plan, ...params }: OwnProduct,
  assertOurs: (found: Stripe.Product) => void,
): Promise<PlannedStep> {
  const { id, name } = params
  const step = { object: 'product', plan, id, detail: name } as const
  const found = await findProductById(ctx, id)
  if (found === null) {
    return {
      step: { ...step, action: 'create' },
      apply: async () => {
        await writeOnce(ctx, {
          words: ['product', id, name],
          find: () => findProductById(ctx, id),
          send: (idempotencyKey) =>
            ctx.stripe.call((stripe) => stripe.products.create(params, { idempotencyKey })),
        })
        return {}
      },
    }
  }
  assertOurs(found)
  if (found.name === name && found.active) return { step: { ...step, action: 'keep' } }
  return {
    step: { ...step, action: 'update' },
    apply: async () => {
      await ctx.stripe.call((stripe) => stripe.products.update(id, { name, active: true }))
      return {}
    },
  }
}
