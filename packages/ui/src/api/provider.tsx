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
 * What the billing components share: one client, one cache. They make their own where none is above them, so
 * a host needs it only to share the cache between several. Its query client is seen by our hooks alone.
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

/** The provider above, or else one of its own. */
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
