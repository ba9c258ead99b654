import type { TRPCError } from '@trpc/server'
import { getTRPCErrorFromUnknown, initTRPC } from '@trpc/server'
import type { Rule } from './access.ts'
import { access } from './access.ts'
import { authorize } from './authorize.ts'
import type { ApiContext } from './context.ts'
import type { ErrorBody } from './errors.ts'
import { toErrorBody, tollgateErrorOf, toTrpcError } from './errors.ts'

/** Where a procedure stands in REST. Spelled out here: this type travels to the clients, and takes no other package along. */
export type ProcedureMeta = {
  openapi?: {
    method: 'GET' | 'POST' | 'PUT'
    path: `/${string}`
    /** One line for the page that people read. */
    summary: string
    protect?: boolean
  }
}

const t = initTRPC
  .context<ApiContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error }) => {
      const { message, ...body } = toErrorBody(error)
      const data: typeof shape.data & Omit<ErrorBody, 'message'> = { ...shape.data, ...body }
      return { ...shape, message, data }
    },
  })

export const { router, createCallerFactory } = t

/** What procedures are made of: a caller that the rule for its path does not allow gets no further. */
export function procedureFor(ruleOf: (path: string) => Rule | undefined) {
  return t.procedure.use(async ({ ctx, path, type, next }) => {
    const observe = (outcome: string) => ctx.observe?.({ procedure: path, outcome })
    try {
      authorize(ctx, ruleOf(path), type)
      const result = await next()
      if (!result.ok) throw result.error
      observe(isRefusal(result.data) ? 'refused' : 'ok')
      return result
    } catch (error) {
      const failure = asTrpc(error)
      observe(toErrorBody(failure).errorCode)
      throw failure
    }
  })
}

/** The one procedure that all of ours are made of. */
export const procedure = procedureFor((path) => access[path])

/** Core throws its own failures; over tRPC they carry the status of their code. */
function asTrpc(error: unknown): TRPCError {
  const known = tollgateErrorOf(error)
  return known ? toTrpcError(known) : getTRPCErrorFromUnknown(error)
}

function isRefusal(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'allowed' in data && data.allowed === false
}
