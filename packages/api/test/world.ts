import { createHmac } from 'node:crypto'
import type { Context } from '@tollgate/core'
import {
  closeContext,
  createApiKey,
  createContext,
  definePlans,
  pushPlans,
  upsertUser,
} from '@tollgate/core'
import { silentLog, systemClock } from '@tollgate/core/testing'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { createTestDatabase } from '@tollgate/testing'
import { held } from '@tollgate/testing/stripe'
import type { SessionCaller } from '../src/index.ts'

/** What a host sells here: nothing of the catalogue at the root of the repository. */
export const catalog = definePlans({
  meters: {
    minutes: { name: 'Minutes', unit: ['minute', 'minutes'] },
    gb: { name: 'Storage', unit: ['gigabyte', 'gigabytes'] },
  },
  features: { sso: { name: 'Single sign-on' }, seats: { name: 'Seats', type: 'number' } },
  plans: {
    starter: {
      name: 'Starter',
      description: 'To begin with',
      price: { month: { eur: 900 } },
      limits: { minutes: 100, gb: 10 },
    },
    team: {
      name: 'Team',
      description: 'For several people',
      price: { month: { eur: 4_900 } },
      limits: { minutes: 'unlimited', gb: 1_000 },
      features: { sso: true, seats: 5 },
    },
    early: {
      name: 'Early bird',
      description: 'No longer sold',
      price: { month: { eur: 100 } },
      limits: { minutes: 50, gb: 1 },
      retired: true,
    },
  },
  packs: { gb50: { name: 'Fifty gigabytes', meter: 'gb', amount: 50, price: { eur: 500 } } },
})

/** Where the host's own pages are. */
export const ORIGIN = 'https://product.example.com'
const WEBHOOK_SECRET = 'whsec_host'

export interface World {
  core: Context<typeof catalog>
  /** Of a sibling app, with every scope. */
  apiKey: string
  close: () => Promise<void>
}

/** A database and a local Stripe that sells the catalogue; `ada`, who subscribes to starter, and `bob`, who does not. */
export async function startWorld(): Promise<World> {
  const database = await createTestDatabase()
  const stripe = await startStripeEmulator({ observer: held() })
  const core = createContext({
    catalog,
    databaseUrl: database.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: [WEBHOOK_SECRET], apiBase: stripe.url },
    settings: { appUrl: ORIGIN, pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  await pushPlans(core, { dryRun: false })
  for (const userId of ['ada', 'bob'])
    await upsertUser(core, { userId, email: `${userId}@example.com` })
  await subscribe(core, 'ada')
  const { key } = await createApiKey(core, {
    name: 'sibling',
    scopes: ['usage:write', 'usage:read', 'users:write', 'billing:read', 'billing:write'],
    createdBy: { kind: 'command', id: 'test' },
  })
  return {
    core,
    apiKey: key,
    close: async () => {
      await closeContext(core)
      await stripe.stop()
      await database.drop()
    },
  }
}

/** The rows that a sync writes for a subscription to starter. */
async function subscribe(core: Context, userId: string): Promise<void> {
  await core.db.pool.query(
    `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount,
       interval, quantity, current_period_start, current_period_end, created_at, synced_at)
     VALUES ('sub_1', $1, 'cus_1', true, 'active', 'starter', 'eur', 900, 'month', 1, $2, $2, $2, $2)`,
    [userId, core.clock.now()],
  )
  await core.db.pool.query(
    `INSERT INTO quotas (user_id, meter, subscription_id, plan, status, limit_amount, unlimited)
     VALUES ($1, 'minutes', 'sub_1', 'starter', 'active', 100, false),
            ($1, 'gb', 'sub_1', 'starter', 'active', 10, false)`,
    [userId],
  )
}

/** The host's own sign-in: a cookie that names the user. */
export function signedIn(cookie: string | null | undefined): SessionCaller | null {
  const userId = /(?:^|; )host-session=(\w+)/.exec(cookie ?? '')?.[1]
  return userId === undefined ? null : { userId, role: userId === 'root' ? 'admin' : 'customer' }
}

/** An event as Stripe might write it, with blanks that no JSON writer would give back. */
export function webhookBody(id: string): string {
  return `{ "id":"${id}",\r\n\t"object" :"event",  "type": "invoice.paid", "livemode": false,
    "created": 1763208000, "api_version": "2026-06-30", "note": "Grüße \u2028",
    "data": { "object": { "object": "invoice", "id": "in_1", "customer": "cus_unknown" } } }\n\n`
}

/** Stripe's signature over the bytes of a body, made now. */
export function signatureOf(payload: string, secret = WEBHOOK_SECRET): string {
  const seconds = Math.floor(systemClock.now().getTime() / 1_000)
  const hash = createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex')
  return `t=${seconds},v1=${hash}`
}

export async function isStored(core: Context, eventId: string): Promise<boolean> {
  const { rowCount } = await core.db.pool.query('SELECT FROM stripe_events WHERE id = $1', [
    eventId,
  ])
  return rowCount === 1
}
