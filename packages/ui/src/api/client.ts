import type { AppRouter } from '@tollgate/api'
import type { TRPCLink } from '@trpc/client'
import { httpLink } from '@trpc/client'
import { trpc } from './trpc.ts'

/** A client of the API at an origin ('' for the page's own), with the cookie of the sign-in. */
export function createClient(apiUrl: string) {
  return trpc.createClient({
    links: [
      dropDirection,
      // One request a call: what Stripe delays must not delay what the database answers at once.
      httpLink({
        url: `${apiUrl.replace(/\/$/, '')}/api/trpc`,
        fetch: (url, { signal = null, ...request } = {}) =>
          fetch(url, { ...request, signal, credentials: 'include' }),
      }),
    ],
  })
}

/** tRPC's infinite queries send the direction that they page in. Our lists know one, and refuse unknown fields. */
const dropDirection: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    next({ ...op, input: withoutDirection(op.input) })

function withoutDirection(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('direction' in input)) return input
  const { direction: _direction, ...rest } = input
  return rest
}
