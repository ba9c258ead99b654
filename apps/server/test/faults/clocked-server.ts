import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createContext } from '@tollgate/core'
import { ManualClock } from '@tollgate/core/testing'
import { catalog } from '@tollgate/testing/catalog'
import { buildApp } from '../../src/app.ts'
import { loadEnv, readEnv } from '../../src/env.ts'
import { createLog } from '../../src/log.ts'

// A server as main.ts runs it, but for its clock: that stands where the last line of its input has set it.

const lines = createInterface({ input: process.stdin })
const clock = new ManualClock(String(await once(lines, 'line')))
lines.on('line', (instant) => clock.set(instant))

const env = readEnv(loadEnv(), catalog)
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
