import type { AppRouter } from '@tollgate/api'
import { createTRPCReact } from '@trpc/react-query'
import { createContext } from 'react'

/** Hooks typed by the router. They have their own React context, so that a host can use tRPC, too. */
export const trpc = createTRPCReact<AppRouter>({ context: createContext<unknown>(null) })
