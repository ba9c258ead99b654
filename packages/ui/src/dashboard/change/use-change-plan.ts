import { trpc } from '../../api/trpc.ts'
import type { Subscription } from '../../api/types.ts'

/** Shows the subscription that a call returned, and fetches again everything that depends on it. */
export function useShowSubscription() {
  const utils = trpc.useUtils()
  return async (subscription: Subscription | null) => {
    utils.billing.subscription.setData(undefined, subscription)
    await utils.billing.invalidate()
  }
}

/** Changes the plan, then shows the result. With an `actionUrl` the bank has to confirm first. */
export function useChangePlan(onChanged: (subscription: Subscription) => void) {
  const show = useShowSubscription()
  return trpc.billing.changePlan.useMutation({
    onSuccess: async ({ subscription, actionUrl }) => {
      const shown = show(subscription)
      // At once: the dialog must close before everything has been fetched again.
      if (actionUrl === null) onChanged(subscription)
      await shown
    },
  })
}
