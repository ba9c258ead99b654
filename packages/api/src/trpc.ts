import { initTRPC } from '@trpc/server'
import type { OpenApiMeta } from 'trpc-to-openapi'
import { access } from './access.ts'
import { authorize } from './authorize.ts'
import type { ApiContext } from './context.ts'
import type { ErrorBody } from './errors.ts'
import { toErrorBody, tollgateErrorOf, toTrpcError } from './errors.ts'

const t = initTRPC
  .context<ApiContext>()
  .meta<OpenApiMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error }) => {
      const { message, ...body } = toErrorBody(error)
      const data: typeof shape.data & Omit<ErrorBody, 'message'> = { ...shape.data, ...body }
      return { ...shape, message, data }
    },
  })

export const { router, createCallerFactory } = t

/** The one procedure that all are made of: a caller that `access.ts` does not allow gets no further. */
export const procedure = t.procedure.use(async ({ ctx, path, type, next }) => {
  try {
    authorize(ctx, access[path], type)
  } catch (error) {
    throw asTrpc(error)
  }
  const result = await next()
  if (!result.ok) throw asTrpc(result.error)
  return result
})

/** Core throws its own failures; over tRPC they carry the status of their code. */
function asTrpc(error: unknown): unknown {
  const known = tollgateErrorOf(error)
  return known ? toTrpcError(known) : error
}
