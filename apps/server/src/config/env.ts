import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { AnyCatalog, PriceIds } from '@tollgate/core'
import { packVariable, priceVariable } from '@tollgate/core'
import type { logLevels, Variables } from './env-variables.ts'
import { priceId, variables } from './env-variables.ts'
import { StartError } from './start-error.ts'
import type { TrustedProxies } from './trust-proxy.ts'

/** What the environment says, checked. Origins carry no trailing slash. */
export interface Env {
  production: boolean
  host: string
  port: number
  /** The app's public origin. */
  appUrl: string
  /** Origins whose pages may call with credentials and be sent back to; the app's own is the first. */
  origins: readonly string[]
  trustProxy: TrustedProxies
  databaseUrl: string
  stripe: {
    secretKey: string
    webhookSecrets: readonly string[]
    publishableKey: string | undefined
    apiBase: string | undefined
    priceIds: PriceIds
    /** By pack. */
    packPriceIds: Readonly<Record<string, string>>
  }
  authSecret: string
  pastDueGraceDays: number
  reconcile: { everyHours: number; requestsPerSecond: number }
  /** The mail server and the address that mails come from; null: mail is not set up. */
  mail: { smtpUrl: string; from: string } | null
  metricsToken: string | undefined
  logLevel: (typeof logLevels)[number]
}

/** The environment is wrong or incomplete: one line for each variable, saying what to set. */
export class EnvError extends StartError {
  override readonly name = 'EnvError'
}

/**
 * The environment of a server process. A variable that is set to nothing counts as absent. Throws an EnvError
 * that lists everything wrong at once; no line shows a value, since it may be a secret.
 */
export function readEnv(environment: NodeJS.ProcessEnv, catalog: AnyCatalog): Env {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const production = given['NODE_ENV'] === 'production'
  const result = variables(production).safeParse(given)
  const prices = readPrices(given, catalog)
  const lines = new Map([
    ...prices.issues.map(([name, message]) => line(name, message)),
    ...(result.error?.issues ?? []).map(({ path, message }) => line(String(path[0]), message)),
    ...conflicts(given).map(([name, message]) => line(name, message)),
  ])
  if (production && !given['APP_URL']) {
    lines.set(...line('APP_URL', 'is missing; production needs the public https:// origin here'))
  }
  if (!result.success || lines.size > 0) throw new EnvError(...[...lines.values()].sort())
  return toEnv(result.data, { production, prices })
}

function line(name: string, message: string): [name: string, line: string] {
  return [name, `${name} ${message}`]
}

/** What is wrong with two variables together. */
function conflicts(given: NodeJS.ProcessEnv): [name: string, message: string][] {
  const found: [string, string][] = []
  const key = given['STRIPE_SECRET_KEY']
  const publishable = given['STRIPE_PUBLISHABLE_KEY']
  const live = key !== undefined && /^.k_live_/.test(key)
  if (live && given['STRIPE_API_BASE'] !== undefined) {
    found.push(['STRIPE_API_BASE', 'must be left out with a live key: it goes to Stripe alone'])
  }
  if (key !== undefined && publishable !== undefined && live !== /^pk_live_/.test(publishable)) {
    found.push(['STRIPE_PUBLISHABLE_KEY', 'must be of the same mode as STRIPE_SECRET_KEY'])
  }
  if (given['SMTP_URL'] !== undefined && given['MAIL_FROM'] === undefined) {
    found.push([
      'MAIL_FROM',
      'is missing; with SMTP_URL, set it to the address that mails come from',
    ])
  }
  return found
}

interface Prices {
  ids: PriceIds
  packIds: Record<string, string>
  issues: [name: string, message: string][]
}

/** The prices that the environment names, of any plan and pack of the catalogue. */
function readPrices(given: NodeJS.ProcessEnv, { planIds, packIds: packs }: AnyCatalog): Prices {
  const ids: Record<string, { month?: string; year?: string }> = {}
  const packIds: Record<string, string> = {}
  const issues: [string, string][] = []
  const named = new Map<string, string>()
  for (const plan of planIds) {
    for (const interval of ['month', 'year'] as const) {
      const id = read(priceVariable(plan, interval))
      if (id !== undefined) ids[plan] = { ...ids[plan], [interval]: id }
    }
  }
  for (const pack of packs) {
    const id = read(packVariable(pack))
    if (id !== undefined) packIds[pack] = id
  }
  return { ids, packIds, issues }

  function read(name: string): string | undefined {
    const { data: id, error } = priceId.safeParse(given[name])
    if (error) issues.push([name, error.issues[0]?.message ?? 'is not a price'])
    if (id === undefined) return undefined
    const twin = named.get(id)
    if (twin !== undefined) issues.push([name, `must not be the price of ${twin} as well`])
    named.set(id, name)
    return id
  }
}

function toEnv(
  given: Variables,
  { production, prices }: { production: boolean; prices: Prices },
): Env {
  const { HOST: host, PORT: port } = given
  const appUrl = given.APP_URL ?? httpOrigin(host, port)
  return {
    production,
    host,
    port,
    appUrl,
    origins: [
      ...new Set([
        appUrl,
        ...given.TRUSTED_ORIGINS,
        ...(production ? [] : loopbackOrigins(appUrl, port)),
      ]),
    ],
    trustProxy: given.TRUST_PROXY,
    databaseUrl: given.DATABASE_URL,
    stripe: {
      secretKey: given.STRIPE_SECRET_KEY,
      webhookSecrets: given.STRIPE_WEBHOOK_SECRET,
      publishableKey: given.STRIPE_PUBLISHABLE_KEY,
      apiBase: given.STRIPE_API_BASE,
      priceIds: prices.ids,
      packPriceIds: prices.packIds,
    },
    authSecret: given.AUTH_SECRET,
    pastDueGraceDays: given.PAST_DUE_GRACE_DAYS,
    reconcile: {
      everyHours: given.RECONCILE_EVERY_HOURS,
      requestsPerSecond: given.RECONCILE_REQUESTS_PER_SECOND,
    },
    mail:
      given.SMTP_URL !== undefined && given.MAIL_FROM !== undefined
        ? { smtpUrl: given.SMTP_URL, from: given.MAIL_FROM }
        : null,
    metricsToken: given.METRICS_TOKEN,
    logLevel: given.LOG_LEVEL,
  }
}

/** People type either name of their own machine, and a browser takes them for two origins. */
function loopbackOrigins(appUrl: string, port: number): string[] {
  const { hostname, port: appPort } = new URL(appUrl)
  const ports = hostname === 'localhost' || hostname === '127.0.0.1' ? [port, appPort] : [port]
  return ports.flatMap((each) => [
    httpOrigin('localhost', Number(each)),
    httpOrigin('127.0.0.1', Number(each)),
  ])
}

function httpOrigin(host: string, port: number): string {
  return new URL(`http://${isIP(host) === 6 ? `[${host}]` : host}:${port || 80}`).origin
}

/** This process's environment over the `.env` of the working directory. */
export function loadEnv(): NodeJS.ProcessEnv {
  return { ...dotEnv(), ...process.env }
}

function dotEnv(): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(join(process.cwd(), '.env'), 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new EnvError(`.env can't be read: ${error instanceof Error ? error.message : error}`)
  }
}
