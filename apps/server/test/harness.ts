import type { AnyCatalog, Context } from '@tollgate/core'
import { closeContext, createContext } from '@tollgate/core'
import type { Clock } from '@tollgate/core/testing'
import { silentLog } from '@tollgate/core/testing'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { createTestDatabase } from '@tollgate/testing'
import { catalog as guide } from '@tollgate/testing/catalog'
import { held } from '@tollgate/testing/stripe'
import { pino } from 'pino'
import { readEnv } from '../src/config/env.ts'
import { buildApp } from '../src/http/app.ts'
import { redact } from '../src/log.ts'

export { addSubscriber, apiKey } from './subscribers.ts'

export const APP_URL = 'http://app.tollgate.test'
export const WEBHOOK_SECRET = 'whsec_test'

export interface TestServer {
  url: string
  core: Context
  /** Where its Stripe is. */
  stripeUrl: string
  close: () => Promise<void>
}

export interface ServerOptions {
  databaseUrl?: string
  clock?: Clock
  pages?: string
  metricsToken?: string
  onLog?: (line: string) => void
  /** The guide's, unless given. */
  catalog?: AnyCatalog
  /** Variables over those of the harness. */
  env?: NodeJS.ProcessEnv
}

/** The whole server on a port of its own, with a database and a Stripe of its own. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { catalog = guide } = options
  const database = await createTestDatabase()
  // The doctor asks for what Stripe refuses, to learn what the key may do.
  const stripe = await startStripeEmulator({ observer: held({ provoking: true }) })
  const env = readEnv(
    {
      APP_URL,
      DATABASE_URL: options.databaseUrl ?? database.url,
      STRIPE_SECRET_KEY: 'sk_test_1',
      STRIPE_WEBHOOK_SECRET: `whsec_previous,${WEBHOOK_SECRET}`,
      STRIPE_API_BASE: stripe.url,
      AUTH_SECRET: 'a secret of thirty-two characters!',
      METRICS_TOKEN: options.metricsToken,
      LOG_LEVEL: options.onLog ? 'info' : 'silent',
      ...options.env,
    },
    catalog,
  )
  const core = createContext({
    catalog,
    databaseUrl: env.databaseUrl,
    stripe: {
      secretKey: env.stripe.secretKey,
      webhookSecrets: env.stripe.webhookSecrets,
      apiBase: stripe.url,
    },
    settings: { appUrl: env.appUrl, pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
    ...(options.clock && { clock: options.clock }),
  })
  const { onLog = () => undefined, pages } = options
  const log = pino({ level: env.logLevel, redact }, { write: onLog })
  const app = await buildApp({ core, env, log, ...(pages !== undefined && { pages }) })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    core,
    stripeUrl: stripe.url,
    close: async () => {
      await app.close()
      await closeContext(core)
      await stripe.stop()
      await database.drop()
    },
  }
}

export interface SignedIn {
  userId: string
  cookie: string
}

/** Signs somebody up, as the sign-up page does. */
export async function signUp(server: TestServer, email: string): Promise<SignedIn> {
  const response = await fetch(`${server.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: APP_URL },
    body: JSON.stringify({ email, name: 'Somebody', password: 'a long password' }),
  })
  if (!response.ok) throw new Error(`sign-up: ${response.status} ${await response.text()}`)
  const { user } = (await response.json()) as { user: { id: string } }
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return { userId: user.id, cookie }
}

export interface Answer {
  status: number
  headers: Headers
  body: unknown
  /** The contract's code, from either shape; null for a success. */
  errorCode: string | null
}

/** A call with JSON unless `headers` say otherwise; the answer as clients read it. */
export async function send(
  url: string,
  { headers = {}, ...init }: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  const json = init.body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(url, { ...init, headers: { ...json, ...headers } })
  const text = await response.text()
  const body: unknown = isJson(response) ? JSON.parse(text) : text
  return {
    status: response.status,
    headers: response.headers,
    body,
    errorCode: response.ok ? null : errorCodeOf(body),
  }
}

function isJson(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('application/json') ?? false
}

function errorCodeOf(body: unknown): string {
  const { errorCode, error } = body as {
    errorCode?: string
    error?: { data?: { errorCode?: string } }
  }
  return errorCode ?? error?.data?.errorCode ?? `no errorCode in ${JSON.stringify(body)}`
}

/** How many rows each table that calls may write has: equal before and after a call that changed nothing. */
export async function rowCounts(core: Context): Promise<Record<string, number>> {
  const tables = [
    'users',
    'usage',
    'usage_counters',
    'usage_closings',
    'quota_overrides',
    'api_keys',
    'audit_log',
    'checkouts',
    'subscriptions',
    'stripe_events',
  ]
  const counts = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await core.db.pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table}`,
      )
      return [table, rows[0]?.n ?? -1] as const
    }),
  )
  return Object.fromEntries(counts)
}
