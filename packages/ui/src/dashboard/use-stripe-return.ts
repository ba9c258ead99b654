import { useEffect, useState } from 'react'
import { trpc } from '../api/trpc.ts'

/** Where the customer came back from: Stripe's checkout (of a plan, of a pack, or canceled) or its portal. */
const returns = { checkout: ['success', 'pack', 'canceled'], portal: ['returned'] } as const

type Return = 'success' | 'pack' | 'canceled' | 'returned'

/**
 * On the way back from Stripe, syncs this customer with Stripe without waiting for a webhook, so that the page shows
 * at once what was just done. The URL's parameter is removed only after that: a reload before it syncs again.
 */
export function useStripeReturn() {
  const [returned, setReturned] = useState(readReturn)
  const [settled, setSettled] = useState(false)
  const utils = trpc.useUtils()
  const sync = trpc.billing.sync.useMutation({
    onSuccess: async (subscription) => {
      cleanUrl()
      utils.billing.subscription.setData(undefined, subscription)
      await utils.billing.invalidate()
    },
    onSettled: () => setSettled(true),
  })
  const { mutate } = sync
  const syncs = returned !== null && returned !== 'canceled'
  useEffect(() => {
    if (syncs) mutate({})
    else cleanUrl()
  }, [syncs, mutate])
  return {
    returned,
    sync,
    /** Until the sync has ended, what the server says may be out of date. */
    syncing: syncs && !settled,
    retry: () => mutate({}),
    dismiss: () => setReturned(null),
  }
}

export type StripeReturn = ReturnType<typeof useStripeReturn>

function readReturn(): Return | null {
  const params = new URLSearchParams(window.location.search)
  const checkout = returns.checkout.find((value) => value === params.get('checkout'))
  return checkout ?? returns.portal.find((value) => value === params.get('portal')) ?? null
}

function cleanUrl(): void {
  const url = new URL(window.location.href)
  for (const name of Object.keys(returns)) url.searchParams.delete(name)
  window.history.replaceState(window.history.state, '', url)
}
