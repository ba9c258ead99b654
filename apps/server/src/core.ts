import type { Context } from '@tollgate/core'
import { createContext } from '@tollgate/core'
import type { Logger } from 'pino'
import { catalog } from './config.ts'
import type { Env } from './env.ts'

/** Core as this environment wants it. Connects when first used; end it with `closeContext`. */
export function openCore(env: Env, log: Logger): Context {
  const { secretKey, webhookSecrets, apiBase, priceIds } = env.stripe
  return createContext({
    catalog,
    databaseUrl: env.databaseUrl,
    stripe: { secretKey, webhookSecrets, ...(apiBase !== undefined && { apiBase }) },
    settings: {
      appUrl: env.appUrl,
      pastDueGraceDays: env.pastDueGraceDays,
      priceIds,
      reconcile: env.reconcile,
    },
    log,
  })
}
