import { TollgateError } from '@tollgate/core'
import type { FastifyInstance, HTTPMethods } from 'fastify'

const methods: readonly HTTPMethods[] = ['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT']

/** Answers METHOD_NOT_ALLOWED, and what is allowed, to every other method at an address. */
export function refuseOtherMethods(
  scope: FastifyInstance,
  url: string,
  allowed: readonly string[],
): void {
  const others = methods.filter((method) => !allowed.includes(method))
  const withHead = allowed.includes('GET') ? others : [...others, 'HEAD']
  scope.route({
    method: withHead,
    url,
    onRequest: async (_request, reply) => {
      reply.header('allow', allowed.join(', '))
      const message = `Only ${allowed.join(' and ')} may be used here.`
      throw new TollgateError('METHOD_NOT_ALLOWED', message)
    },
    handler: () => undefined,
  })
}
