import type { AppRouter } from '@tollgate/api'
import { createTRPCReact } from '@trpc/react-query'
import { createContext } from 'react'

/** Hooks typed by the router. A context of their own: a host that uses tRPC itself keeps its own above and below. */
export const trpc = createTRPCReact<AppRouter>({ context: createContext<unknown>(null) })
