import { isStorableText, limitStripeCalls } from '@tollgate/core'
import type { TRPCError } from '@trpc/server'
import { getTRPCErrorFromUnknown, initTRPC } from '@trpc/server'
import type { Rule } from './access.ts'
import { access } from './access.ts'
import { actingCaller, authorize } from './authorize.ts'
import type { ApiContext, Caller } from './context.ts'
import { coreOf } from './context.ts'
import type { ErrorBody } from './errors.ts'
import { toErrorBody, tollgateErrorOf, toTrpcError } from './errors.ts'

/** The method and path of a procedure in REST. Declared here, so that the type that clients get needs no other package. */
export type ProcedureMeta = {
  openapi?: {
    method: 'GET' | 'POST' | 'PUT'
    path: `/${string}`
    /** One line for the documentation page. */
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

/** The base of procedures: it refuses callers whom the rule for the path does not allow, or who ask Stripe too often. */
export function procedureFor(ruleOf: (path: string) => Rule | undefined) {
  return t.procedure.use(async ({ ctx, path, type, next, getRawInput }) => {
    const observe = (outcome: string) => ctx.observe?.({ procedure: path, outcome })
    try {
      const rule = ruleOf(path)
      authorize(ctx, rule, type)
      if (rule && rule.who !== 'public' && rule.asksStripe) {
        const userId = limitedUser(ctx.caller, await getRawInput())
        if (userId !== null) await limitStripeCalls(coreOf(ctx), { userId })
      }
      const named = hasSubjects(ctx.caller) ? namedIn(await getRawInput()) : undefined
      const caller = await actingCaller(ctx, { rule, path, type, named })
      const result = await next({ ctx: { caller } })
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

/** Whose share of Stripe a call takes: of whoever has the session, or the user that a key names; null where it names none. */
function limitedUser(caller: Caller, input: unknown): string | null {
  if (caller.kind === 'session') return caller.userId
  const named = namedIn(input)
  return typeof named === 'string' && isStorableText(named) ? named : null
}

function hasSubjects(caller: Caller): boolean {
  return caller.kind === 'session' && (caller.subjects?.length ?? 0) > 0
}

/** The user that an input names, before it is checked. */
function namedIn(input: unknown): unknown {
  return Reflect.get(Object(input), 'userId')
}

/** The base of every procedure of the router. */
export const procedure = procedureFor((path) => access[path])

/** Core's errors get the tRPC code of their status. */
function asTrpc(error: unknown): TRPCError {
  const known = tollgateErrorOf(error)
  return known ? toTrpcError(known) : getTRPCErrorFromUnknown(error)
}

function isRefusal(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'allowed' in data && data.allowed === false
}
