import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { withOverageSettled } from '../../overage/index.ts'
import { runChange } from '../change/write/run-change.ts'
import { syncBilling } from '../subscription.ts'
import { completeItems } from './complete-items.ts'
import { readOverageDue } from './overage-due-store.ts'

/**
 * Gives subscriptions the overage items that they are to get: those that Checkout can't sell together with their plan, and
 * those of a plan that was paid by now. Of one customer, or of all. Once for each; a repeat, also after a crash, finds it
 * done. What fails is logged, and tried again by the next call.
 */
export async function completeOverage(
  ctx: Context,
  { customerId }: { customerId?: string } = {},
): Promise<void> {
  for (const due of await readOverageDue(ctx.db.pool, customerId ?? null)) {
    try {
      await complete(ctx, due)
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error
      ctx.log.warn({ err: error, ...due }, 'overage items could not be completed; tried again')
      if (error.code === 'STRIPE_UNAVAILABLE') return
    }
  }
}

async function complete(
  ctx: Context,
  { userId, customerId }: { userId: string; customerId: string },
): Promise<void> {
  await runChange(ctx, userId, async (change) => {
    const found = await syncBilling(ctx, { userId })
    const plan = found?.plan ?? null
    if (plan === null) return
    await withOverageSettled(ctx, { userId, customerId }, () => completeItems(ctx, change, plan))
    await syncBilling(ctx, { userId })
  })
}
