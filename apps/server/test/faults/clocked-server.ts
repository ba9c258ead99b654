import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { AnyCatalog, Resets } from '@tollgate/core'
import { createContext } from '@tollgate/core'
import { ManualClock } from '@tollgate/core/testing'
import { catalog as guide } from '@tollgate/testing/catalog'
import { loadEnv, readEnv } from '../../src/config/env.ts'
import { buildApp } from '../../src/http/app.ts'
import { createLog } from '../../src/log.ts'

// A server as main.ts runs it, but for its clock: that stands where the last line of its input has set it. And its meters
// reset as RESETS says, where that is set.

const lines = createInterface({ input: process.stdin })
const clock = new ManualClock(String(await once(lines, 'line')))
lines.on('line', (instant) => clock.set(instant))

const variables = loadEnv()
const resets = variables['RESETS'] as Resets | undefined
const meters = Object.entries(guide.meters).map(
  ([id, meter]) => [id, { ...meter, ...(resets && { resets }) }] as const,
)
const catalog: AnyCatalog = { ...guide, meters: Object.fromEntries(meters) }
const env = readEnv(variables, catalog)
const log = createLog(env)
const { secretKey, webhookSecrets } = env.stripe
const core = createContext({
  catalog,
  databaseUrl: env.databaseUrl,
  stripe: { secretKey, webhookSecrets },
  settings: { appUrl: env.appUrl, pastDueGraceDays: env.pastDueGraceDays, priceIds: {} },
  log,
  clock,
})
const app = await buildApp({ core, env, log })
await app.listen({ host: env.host, port: env.port })
