import { trpc } from './trpc.ts'

/**
 * The meters and plans of the running server: names, units and their order. Each section asks for it beside its own
 * data; they share one request.
 */
export function useCatalog() {
  return trpc.billing.catalog.useQuery(undefined, { staleTime: 60_000 })
}
