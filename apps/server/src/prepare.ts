import { setTimeout as delay } from 'node:timers/promises'
import type { Context, Worker } from '@tollgate/core'
import { applyCatalog, initDb, isDatabaseAway, startWorker } from '@tollgate/core'
import { hasDemoAccounts } from './auth/demo-accounts.ts'
import { StartError } from './config/start-error.ts'

const RETRY_MS = 2_000

/** What the server is started with, so that `acceptResets` holds. */
export const ACCEPT_RESETS = '--accept-resets'

interface PrepareOptions {
  production: boolean
  /** Meters with use may reset otherwise than before: then everybody's count begins anew. */
  acceptResets: boolean
}

/**
 * Migrates the database, applies the plan catalogue and starts the worker. A database that is away is waited
 * for, as long as it takes. Throws a StartError beside demo accounts in production, and what a migration threw.
 */
export async function prepare(
  core: Context,
  { signal, ...options }: PrepareOptions & { signal: AbortSignal },
): Promise<Worker> {
  while (true) {
    signal.throwIfAborted()
    try {
      return await prepareOnce(core, options)
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      core.log.warn({ err: error }, 'the database is away; trying again')
      await delay(RETRY_MS, undefined, { signal })
    }
  }
}

async function prepareOnce(
  core: Context,
  { production, acceptResets }: PrepareOptions,
): Promise<Worker> {
  const applied = await initDb(core.db.url)
  if (applied > 0) core.log.info({ applied }, 'the database was migrated')
  if (production && (await hasDemoAccounts(core))) {
    throw new StartError(
      'This database holds demo accounts, whose passwords others may know: production needs another database',
    )
  }
  const changed = await applyCatalog(core, { acceptResets })
  if (changed > 0) core.log.info({ changed }, 'quotas follow the changed plan catalogue')
  return startWorker(core)
}
