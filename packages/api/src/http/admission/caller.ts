import type { Context } from '@tollgate/core'
import { findApiKey, isStorableText, TollgateError } from '@tollgate/core'
import type { FastifyRequest } from 'fastify'
import type { Caller, SessionCaller, Subject } from '../../context.ts'

/**
 * The host's sign-in: whose session a request carries, or null. Called for each request without an `Authorization`
 * header. What it says is believed, so it must verify the session and read the role from the host's own data.
 */
export type Identify<R = FastifyRequest> = (request: R) => Promise<SessionCaller | null>

/**
 * Who sent a request. With an Authorization header the cookie is ignored: the header has to hold a key that
 * is valid, else UNAUTHENTICATED is thrown, for public procedures too.
 */
export async function callerOf(
  request: FastifyRequest,
  { core, identify }: { core: Context; identify: Identify },
): Promise<Caller> {
  const { authorization } = request.headers
  if (authorization === undefined) return sessionCaller(await identify(request))
  const token = /^Bearer +(tg_\S+)$/i.exec(authorization)?.[1]
  const holder = token === undefined ? null : await findApiKey(core, token)
  if (holder) return { kind: 'key', keyId: holder.id, name: holder.name, scopes: holder.scopes }
  throw new TollgateError('UNAUTHENTICATED', 'The API key is unknown, expired or revoked.')
}

/** Takes these fields and no other: a host may hand over its whole user record. */
function sessionCaller(session: SessionCaller | null): Caller {
  if (!session) return { kind: 'anonymous' }
  const { userId, role, subjects = [] } = session
  const isOne =
    typeof userId === 'string' && userId !== '' && (role === 'customer' || role === 'admin')
  if (isOne && Array.isArray(subjects) && subjects.every(isSubject)) {
    return { kind: 'session', userId, role, subjects: subjects.map(toSubject) }
  }
  throw new Error(
    "identify() must resolve to { userId, role: 'customer' | 'admin', subjects?: { userId, name, access: 'manage' | 'view' }[] } or to null",
  )
}

function isSubject(value: unknown): value is Subject {
  const { userId, name, access }: Partial<Subject> = Object(value)
  const isNamed = typeof userId === 'string' && userId !== '' && isStorableText(userId)
  return isNamed && typeof name === 'string' && (access === 'manage' || access === 'view')
}

function toSubject({ userId, name, access }: Subject): Subject {
  return { userId, name, access }
}
