import { useEffect } from 'react'

interface RedirectMutation {
  isPending: boolean
  isSuccess: boolean
  reset: () => void
}

/**
 * Whether a mutation is opening a page of Stripe: from the click until the browser has left this page, so that the
 * button stays disabled. Back on this page by the back button, it is enabled again.
 */
export function useRedirecting({ isPending, isSuccess, reset }: RedirectMutation): boolean {
  useEffect(() => {
    const onShow = (event: PageTransitionEvent) => event.persisted && reset()
    window.addEventListener('pageshow', onShow)
    return () => window.removeEventListener('pageshow', onShow)
  }, [reset])
  return isPending || isSuccess
}

/** Goes to a page of Stripe. */
export function leaveFor({ url }: { url: string }): void {
  window.location.assign(url)
}

/** This page's address with one parameter set, for Stripe to send the customer back to. */
export function returnUrl(name: string, value: string): string {
  const url = new URL(window.location.href)
  url.searchParams.set(name, value)
  url.hash = ''
  return url.href
}
