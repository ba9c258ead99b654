import { trpc } from './trpc.ts'

/**
 * The meters and plans of the running server, with names and units, in their order. All callers share one request.
 */
export function useCatalog() {
  return trpc.billing.catalog.useQuery(undefined, { staleTime: 60_000 })
}
