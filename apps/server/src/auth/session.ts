import type { Identify } from '@tollgate/api'
import type { Context } from '@tollgate/core'
import { findContact } from '@tollgate/core'
import type { FastifyInstance } from 'fastify'

/**
 * With a sign-in of the host's own: who is signed in, at the path and in the shape of our sign-in, since our pages
 * and sibling apps ask there. All else below /api/auth is the host's affair.
 */
export function addSession(
  app: FastifyInstance,
  { identify, core }: { identify: Identify; core: Context },
): void {
  app.get('/api/auth/get-session', async (request, reply) => {
    const session = await identify(request)
    reply.type('application/json; charset=utf-8').header('cache-control', 'no-store')
    if (session === null) return reply.send('null')
    const { userId, role, subjects = [] } = session
    // Somebody who was never named to us (users.upsert) has no address yet.
    const { email, name } = (await findContact(core, userId)) ?? { email: userId, name: null }
    const user = { id: userId, role, email, name: name ?? '' }
    return reply.send(JSON.stringify({ session: { userId }, user, subjects }))
  })
}
