import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { requireSameSite } from '../authorize.ts'
import type { ApiContext, Caller } from '../context.ts'
import { isSameSite } from './same-site.ts'

const DECORATOR = 'tollgateContext'

export interface RequestContextOptions extends Omit<ApiContext, 'caller' | 'sameSite'> {
  callerOf: (request: FastifyRequest) => Promise<Caller>
}

/**
 * A hook that settles who calls before the body of a request is read. A change with a cookie from elsewhere ends
 * here, whatever its content type: a form is FORBIDDEN rather than unsupported.
 */
export function requestContext(
  scope: FastifyInstance,
  { callerOf, ...options }: RequestContextOptions,
): onRequestAsyncHookHandler {
  scope.decorateRequest(DECORATOR, null)
  return async (request) => {
    const context: ApiContext = {
      ...options,
      caller: await callerOf(request),
      sameSite: isSameSite(request.headers, options.origins),
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') requireSameSite(context)
    request.setDecorator(DECORATOR, context)
  }
}

/** What the hook above has settled. */
export function apiContextOf(request: FastifyRequest): ApiContext {
  return request.getDecorator<ApiContext>(DECORATOR)
}
