// A process that delivers overage until it is killed: node deliverer.ts DATABASE_URL STRIPE_URL INSTANT
import { setTimeout as sleep } from 'node:timers/promises'
import { createContext } from '../../src/index.ts'
import { deliverOverage } from '../../src/overage/index.ts'
import { ManualClock, silentLog } from '../../src/testing.ts'
import { catalog } from './overage-catalog.ts'

const [, , databaseUrl = '', apiBase = '', instant = ''] = process.argv
const ctx = createContext({
  catalog,
  databaseUrl,
  stripe: { secretKey: 'sk_test_123', webhookSecrets: [], apiBase },
  settings: { appUrl: 'http://127.0.0.1:3000', pastDueGraceDays: 7, priceIds: {} },
  log: silentLog,
  clock: new ManualClock(instant),
})
for (;;) {
  await deliverOverage(ctx)
  await sleep(20)
}
