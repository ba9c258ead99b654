import { useEffect, useState } from 'react'
import { trpc } from '../api/trpc.ts'

/** What this visit came back from: Stripe's checkout, paid or left, or its portal. */
const returns = { checkout: ['success', 'canceled'], portal: ['returned'] } as const

type Return = 'success' | 'canceled' | 'returned'

/**
 * Coming back from Stripe converges this customer with Stripe before any webhook has to arrive, so that what was
 * just done is seen at once. Then the parameter is taken off the URL: a reload is an ordinary visit. Until Stripe has
 * answered it stays, so that a reload asks again.
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
  const syncs = returned === 'success' || returned === 'returned'
  useEffect(() => {
    if (syncs) mutate({})
    else cleanUrl()
  }, [syncs, mutate])
  return {
    returned,
    sync,
    /** True until Stripe was asked: what the server says before that is of yesterday. */
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
