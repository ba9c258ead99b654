import type { Context } from '../../context.ts'
import { OVERAGE_DUE, overagePrices } from '../../stripe/index.ts'
import type { LiveSubscription } from '../change/live-subscription.ts'
import { readLive } from '../change/live-subscription.ts'
import type { RunningChange } from '../change/write/run-change.ts'
import { writeToStripe } from '../change/write/run-change.ts'

/**
 * Notes on the subscription that it is to get the overage items of a plan, before it is moved to that: so whatever breaks
 * off, they follow once it is on it, and nothing follows where the payment is declined. Does nothing where neither
 * side sells overage.
 */
export async function markOverage(
  ctx: Context,
  change: RunningChange,
  { live, plan }: { live: LiveSubscription; plan: string },
): Promise<void> {
  const wanted = await overagePrices(ctx, plan)
  if (wanted.length + live.overageItems.length === 0 || live.overageDue === plan) return
  await writeToStripe(ctx, change, {
    step: 'mark overage',
    subscriptionId: live.id,
    call: (stripe, once) =>
      stripe.subscriptions.update(live.id, { metadata: { [OVERAGE_DUE]: plan } }, once),
  })
}

/**
 * Gives a subscription the overage items of the plan that it is on, in place of those of another plan, where that was
 * noted on it. What was sold by an item that is removed is billed at its own price. Returns whether anything was to do. A
 * repeat finds it done. `plan` is the one that it is known to be on.
 */
export async function completeItems(
  ctx: Context,
  change: RunningChange,
  plan: string,
): Promise<boolean> {
  const live = await readLive(ctx, change.userId)
  const { id, overageItems, item } = live
  if (live.overageDue !== plan || live.pending !== null || live.schedule !== null) return false
  if (live.status !== 'active' && live.status !== 'trialing') return false
  const wanted = await overagePrices(ctx, plan)
  const own = overageItems.filter((each) => each.plan === plan)
  const removed = overageItems.filter((each) => each.plan !== plan)
  const added = wanted.filter(({ meter }) => !own.some((each) => each.meter === meter))
  const items = [
    ...removed.map((each) => ({ id: each.id, deleted: true })),
    ...added.map(({ priceId }) => ({ price: priceId })),
  ]
  // What a removed item sold is on the next invoice. Of a year without monthly items that would be late.
  const comesSoon = item.interval !== 'year' || own.length + wanted.length > 0
  await writeToStripe(ctx, change, {
    step: 'change items',
    subscriptionId: id,
    call: (stripe, once) =>
      stripe.subscriptions.update(
        id,
        {
          metadata: { [OVERAGE_DUE]: '' },
          ...(items.length > 0 && {
            items,
            proration_behavior: comesSoon ? 'create_prorations' : 'always_invoice',
          }),
        },
        once,
      ),
  })
  return true
}
