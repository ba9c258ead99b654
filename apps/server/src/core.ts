import type { Context } from '@tollgate/core'
import { createContext } from '@tollgate/core'
import type { Logger } from 'pino'
import type { Deployment } from './config/deployment.ts'

/** Core as this deployment wants it. Connects when first used; end it with `closeContext`. */
export function openCore({ env, config }: Deployment, log: Logger): Context {
  const { secretKey, webhookSecrets, apiBase, priceIds, packPriceIds } = env.stripe
  return createContext({
    catalog: config.catalog,
    databaseUrl: env.databaseUrl,
    stripe: { secretKey, webhookSecrets, ...(apiBase !== undefined && { apiBase }) },
    settings: {
      appUrl: env.appUrl,
      pastDueGraceDays: env.pastDueGraceDays,
      priceIds,
      packPriceIds,
      reconcile: env.reconcile,
    },
    log,
  })
}
