import { useEffect } from 'react'

interface RedirectMutation {
  isPending: boolean
  isSuccess: boolean
  reset: () => void
}

/**
 * Whether a mutation is on its way to a page of Stripe: from the click until the browser has left, so that
 * the button doesn't wake up in between. Coming back by the back button finds it ready again.
 */
export function useRedirecting({ isPending, isSuccess, reset }: RedirectMutation): boolean {
  useEffect(() => {
    const wake = (event: PageTransitionEvent) => event.persisted && reset()
    window.addEventListener('pageshow', wake)
    return () => window.removeEventListener('pageshow', wake)
  }, [reset])
  return isPending || isSuccess
}

/** Leaves for a page of Stripe. */
export function leaveFor({ url }: { url: string }): void {
  window.location.assign(url)
}

/** This page's address with one parameter set, for Stripe to come back to. */
export function returnUrl(name: string, value: string): string {
  const url = new URL(window.location.href)
  url.searchParams.set(name, value)
  url.hash = ''
  return url.href
}
