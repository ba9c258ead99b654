import type { Context } from '@tollgate/core'
import { findApiKey, TollgateError } from '@tollgate/core'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../context.ts'

/** What the host's sign-in knows of a request: whose session it is, or null. */
export type Identify = (request: FastifyRequest) => Promise<SessionCaller | null>

export interface SessionCaller {
  userId: string
  role: 'customer' | 'admin'
}

/**
 * Who sent a request. With an Authorization header the cookie is ignored: the header has to hold a key that
 * stands, or the answer is UNAUTHENTICATED, for public procedures too.
 */
export async function callerOf(
  request: FastifyRequest,
  { core, identify }: { core: Context; identify: Identify },
): Promise<Caller> {
  const { authorization } = request.headers
  if (authorization === undefined) {
    const session = await identify(request)
    return session ? { kind: 'session', ...session } : { kind: 'nobody' }
  }
  const token = /^Bearer +(tg_\S+)$/i.exec(authorization)?.[1]
  const holder = token === undefined ? null : await findApiKey(core, token)
  if (holder) return { kind: 'key', keyId: holder.id, name: holder.name, scopes: holder.scopes }
  throw new TollgateError('UNAUTHENTICATED', 'The API key is unknown, expired or revoked.')
}
