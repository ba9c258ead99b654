import type { Context } from '@tollgate/core'
import { migrationsFolder, pendingMigrations, stripeTrouble } from '@tollgate/core'
import type { FastifyInstance } from 'fastify'

/**
 * /healthz: the process answers. /readyz: so does its database, and has every migration. That nothing is synced is
 * told there too, but does not make it unready: metering and quota go on.
 */
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
    if (reason === null) return { status: 'ready', ...(await notice(core)) }
    return reply.code(503).header('retry-after', '1').send({ status: 'unavailable', reason })
  })
}

async function whyNotReady(core: Context, prepared: () => boolean): Promise<string | null> {
  const pending = await pendingMigrations(core.db.pool, migrationsFolder())
  if (pending.length > 0) return `migrations are missing: ${pending.join(', ')}`
  return prepared() ? null : 'the server is starting'
}

async function notice(core: Context): Promise<{ notice?: string }> {
  const trouble = await stripeTrouble(core).catch(() => null)
  return trouble ? { notice: trouble.message } : {}
}
