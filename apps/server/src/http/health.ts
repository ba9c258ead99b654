import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '@tollgate/core'
import { migrationsFolder, pendingMigrations, stripeTrouble } from '@tollgate/core'
import type { FastifyInstance } from 'fastify'

/** Within what /readyz answers, whatever hangs: those who ask give up after a few seconds. */
const ANSWER_MS = 1_500
/** A batch of usage takes milliseconds. */
const WRITERS_WAIT_MS = 2_000

/**
 * /healthz: the process answers. /readyz: so does its database, which has every migration and can be written. That nothing
 * is synced is told there too, but does not make it unready: metering and quota go on.
 */
export function addHealth(
  app: FastifyInstance,
  { core, prepared }: { core: Context; prepared: () => boolean },
): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  // One look at a time: where the database hangs, those who ask again and again must not take its connections.
  let looking: Promise<Readiness> | null = null
  const look = () => {
    looking ??= readiness(core, prepared).finally(() => {
      looking = null
    })
    return looking
  }
  app.get('/readyz', async (request, reply) => {
    const { reason, error, ...notice } = await Promise.race([look(), silence()])
    if (reason === undefined) return { status: 'ready', ...notice }
    request.log.warn({ err: error, reason }, 'not ready')
    return reply.code(503).header('retry-after', '1').send({ status: 'unavailable', reason })
  })
}

interface Readiness {
  /** Why it is not ready. */
  reason?: string
  error?: unknown
  notice?: string
}

async function silence(): Promise<Readiness> {
  await sleep(ANSWER_MS, undefined, { ref: false })
  return { reason: 'the database does not answer' }
}

/** Never rejects. */
async function readiness(core: Context, prepared: () => boolean): Promise<Readiness> {
  try {
    const reason = await whyNotReady(core, prepared)
    return reason === null ? await notice(core) : { reason }
  } catch (error) {
    return { reason: 'the database is away', error }
  }
}

async function whyNotReady(core: Context, prepared: () => boolean): Promise<string | null> {
  if (core.db.writersWaitMs() > WRITERS_WAIT_MS) return 'the database does not answer usage'
  const pending = await pendingMigrations(core.db.pool, migrationsFolder())
  if (pending.length > 0) return `migrations are missing: ${pending.join(', ')}`
  if (await isReadOnly(core)) return 'the database is read-only'
  return prepared() ? null : 'the server is starting'
}

/** As a standby is, and a primary at a failover. */
async function isReadOnly({ db }: Context): Promise<boolean> {
  const { rows } = await db.pool.query<{ on: boolean }>(
    `SELECT current_setting('transaction_read_only')::boolean AS on`,
  )
  return rows[0]?.on !== false
}

async function notice(core: Context): Promise<{ notice?: string }> {
  const trouble = await stripeTrouble(core).catch(() => null)
  return trouble ? { notice: trouble.message } : {}
}
