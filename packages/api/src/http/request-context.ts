import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { requireSameSite } from '../authorize.ts'
import type { ApiContext, Caller } from '../context.ts'
import { isSameSite } from './same-site.ts'

const DECORATOR = 'tollgateContext'

export interface RequestContextOptions extends Omit<ApiContext, 'caller' | 'sameSite'> {
  callerOf: (request: FastifyRequest) => Promise<Caller>
}

/**
 * A hook that finds out who calls, before the body of the request is read. It refuses a change with a cookie from a
 * foreign page, whatever its content type: a form is FORBIDDEN rather than UNSUPPORTED_MEDIA_TYPE.
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

/** The context that the hook above has made. */
export function apiContextOf(request: FastifyRequest): ApiContext {
  return request.getDecorator<ApiContext>(DECORATOR)
}
