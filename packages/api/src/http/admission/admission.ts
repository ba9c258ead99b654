import { TollgateError } from '@tollgate/core'
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { access } from '../../access.ts'
import { authorize, requireSameSite } from '../../authorize.ts'
import type { ApiContext, Caller } from '../../context.ts'
import type { BodyLimit } from '../../schemas/limits.ts'
import { bodyLimitOf, MAX_CALLS } from '../../schemas/limits.ts'
import { failureOf } from '../failure.ts'
import { isSameSite } from './same-site.ts'

const DECORATOR = 'tollgateAdmission'

/** As long as the headers that Node's server takes; a host that is another server may take more. */
const MAX_URL_LENGTH = 16 * 2 ** 10

/** What the address of a request asks for. */
export interface Asked {
  /** As in `usage.consume`. */
  procedures: readonly string[]
  batched: boolean
  /** Whether there is such a procedure. */
  exists: (procedure: string) => boolean
}

/** Of a request that may go on: who calls, and what its body may be. */
interface Admission {
  context: ApiContext
  body: BodyLimit
}

export interface AdmissionOptions extends Omit<ApiContext, 'caller' | 'sameSite'> {
  callerOf: (request: FastifyRequest) => Promise<Caller>
  limit?: ((request: FastifyRequest, call: LimitedCall) => void) | undefined
}

/** What a rate limit goes by. */
export interface LimitedCall {
  caller: Caller
  /** How many calls the request holds: more than 1 in a tRPC batch. */
  calls: number
}

/**
 * Makes the hooks that decide on a request before its body is read: who calls, and whether they may call any of what the
 * address asks for. The body of a request that may do nothing is never read. A change with a cookie from a foreign page
 * is refused whatever its content type: a form is FORBIDDEN rather than UNSUPPORTED_MEDIA_TYPE.
 */
export function admission(
  scope: FastifyInstance,
  { callerOf, limit, ...options }: AdmissionOptions,
): (askedBy: (request: FastifyRequest) => Asked) => onRequestAsyncHookHandler {
  scope.decorateRequest(DECORATOR, null)
  return (askedBy) => async (request) => {
    const asked = askedBy(request)
    const calls = asked.procedures.length
    if (request.url.length > MAX_URL_LENGTH) throw tooMuch('The address is too long.')
    if (calls > MAX_CALLS) throw tooMuch(`A request may hold ${MAX_CALLS} calls.`)
    const caller = await callerOf(request)
    limit?.(request, { caller, calls })
    const sameSite = isSameSite(request.headers, options.origins)
    const context: ApiContext = { ...options, caller, sameSite }
    const mayRead = request.method === 'GET' || request.method === 'HEAD'
    if (!mayRead) requireSameSite(context)
    const procedures = mayRead ? asked.procedures : allowedOf(asked, context)
    const admitted: Admission = { context, body: bodyLimitOf(procedures, asked.batched) }
    request.setDecorator(DECORATOR, admitted)
  }
}

/** The context that the hook has made. */
export function apiContextOf(request: FastifyRequest): ApiContext {
  return request.getDecorator<Admission>(DECORATOR).context
}

/** What the body of this request may be. */
export function bodyLimitFor(request: FastifyRequest): BodyLimit {
  return request.getDecorator<Admission>(DECORATOR).body
}

/**
 * Those that the caller may call. Throws the first refusal where there is none. A procedure beside ours has no line in
 * `access`: it decides for itself, after its body is read.
 */
function allowedOf({ procedures, exists }: Asked, context: ApiContext): string[] {
  const refusals: [procedure: string, error: TollgateError][] = []
  const allowed = procedures.filter((name) => {
    try {
      if (!exists(name)) throw new TollgateError('NOT_FOUND', 'There is no such procedure.')
      if (Object.hasOwn(access, name)) authorize(context, access[name], 'mutation')
      return true
    } catch (error) {
      refusals.push([name, failureOf(error)])
      return false
    }
  })
  const first = refusals[0]?.[1]
  if (allowed.length > 0 || first === undefined) return allowed
  for (const [procedure, { code }] of refusals) {
    if (Object.hasOwn(access, procedure)) context.observe?.({ procedure, outcome: code })
  }
  throw first
}

function tooMuch(message: string): TollgateError {
  return new TollgateError('VALIDATION', message)
}
