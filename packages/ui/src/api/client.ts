import { httpLink } from '@trpc/client'
import { trpc } from './trpc.ts'

/** A client of the API at an origin ('' for the page's own), with the cookie of the sign-in. */
export function createClient(apiUrl: string) {
  return trpc.createClient({
    links: [
      // One request a call: what Stripe delays must not delay what the database answers at once.
      httpLink({
        url: `${apiUrl.replace(/\/$/, '')}/api/trpc`,
        fetch: (url, { signal = null, ...request } = {}) =>
          fetch(url, { ...request, signal, credentials: 'include' }),
      }),
    ],
  })
}
