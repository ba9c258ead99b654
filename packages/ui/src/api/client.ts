import { httpLink } from '@trpc/client'
import { trpc } from './trpc.ts'

/** A client of the API at an origin ('' for the page's own), which sends the sign-in's cookie. */
export function createClient(apiUrl: string) {
  return trpc.createClient({
    links: [
      // Not batched: a call that waits for Stripe must not delay one that only reads the database.
      httpLink({
        url: `${apiUrl.replace(/\/$/, '')}/api/trpc`,
        fetch: (url, { signal = null, ...request } = {}) =>
          fetch(url, { ...request, signal, credentials: 'include' }),
      }),
    ],
  })
}
