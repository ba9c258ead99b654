import { trpc } from '../../api/trpc.ts'
import type { Subscription } from '../../api/types.ts'

/** Shows a subscription that a call has just answered, and has everything that depends on it asked for again. */
export function useShowSubscription() {
  const utils = trpc.useUtils()
  return async (subscription: Subscription | null) => {
    utils.billing.subscription.setData(undefined, subscription)
    await utils.billing.invalidate()
  }
}

/** A change of plan: made, then shown, unless the bank asks its holder first (`actionUrl`). */
export function useChangePlan(onChanged: (subscription: Subscription) => void) {
  const show = useShowSubscription()
  return trpc.billing.changePlan.useMutation({
    onSuccess: async ({ subscription, actionUrl }) => {
      const shown = show(subscription)
      // Before all else is asked for again: what is done has nothing more to offer.
      if (actionUrl === null) onChanged(subscription)
      await shown
    },
  })
}
