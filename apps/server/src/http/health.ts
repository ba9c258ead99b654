import type { Context } from '@tollgate/core'
import { migrationsFolder, pendingMigrations } from '@tollgate/core'
import type { FastifyInstance } from 'fastify'

/** /healthz: the process answers. /readyz: so does its database, and has every migration. */
export function addHealth(
  app: FastifyInstance,
  { core, prepared }: { core: Context; prepared: () => boolean },
): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    const reason = await whyNotReady(core, prepared).catch((error: unknown) => {
      request.log.warn({ err: error }, 'the database is away')
      return 'the database is away'
    })
    if (reason === null) return { status: 'ready' }
    return reply.code(503).header('retry-after', '1').send({ status: 'unavailable', reason })
  })
}

async function whyNotReady(core: Context, prepared: () => boolean): Promise<string | null> {
  const pending = await pendingMigrations(core.db.pool, migrationsFolder())
  if (pending.length > 0) return `migrations are missing: ${pending.join(', ')}`
  return prepared() ? null : 'the server is starting'
}
