import { QueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { createContext, use, useState } from 'react'
import { createClient } from './client.ts'
import { isTemporary } from './errors.ts'
import { trpc } from './trpc.ts'

const IsProvided = createContext(false)

interface TollgateProviderProps {
  /** Origin of the Tollgate server; '' where the page comes from it. Read once. */
  apiUrl: string
  children: ReactNode
}

/**
 * Provides one client and one cache to the billing components inside it. Each component makes its own if there is no
 * provider, so a host needs one only to share the cache. The host's own tRPC and TanStack Query are not affected.
 */
export function TollgateProvider({ apiUrl, children }: TollgateProviderProps) {
  const [client] = useState(() => createClient(apiUrl))
  const [queryClient] = useState(createQueryClient)
  return (
    <trpc.Provider client={client} queryClient={queryClient}>
      <IsProvided value={true}>{children}</IsProvided>
    </trpc.Provider>
  )
}

/** Uses the provider above it, or adds one. */
export function EnsureProvider({ apiUrl, children }: TollgateProviderProps) {
  const provided = use(IsProvided)
  return provided ? children : <TollgateProvider apiUrl={apiUrl}>{children}</TollgateProvider>
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retryDelay: 1_000,
        retry: (failures, error) => failures < 1 && isTemporary(error),
      },
    },
  })
}
