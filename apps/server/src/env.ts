import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { PlanId } from '@tollgate/core'
import { z } from 'zod'

/** What the environment says, checked. Origins carry no trailing slash. */
export interface Env {
  production: boolean
  host: string
  port: number
  /** The app's public origin. */
  appUrl: string
  /** Origins whose pages may call with credentials and be sent back to; the app's own is the first. */
  origins: readonly string[]
  databaseUrl: string
  stripe: {
    secretKey: string
    webhookSecrets: readonly string[]
    publishableKey: string | undefined
    apiBase: string | undefined
    priceIds: Partial<Record<PlanId, string>>
  }
  authSecret: string
  pastDueGraceDays: number
  metricsToken: string | undefined
  logLevel: (typeof logLevels)[number]
}

/** The environment is wrong or incomplete: one line for each variable, saying what to set. */
export class EnvError extends Error {
  override readonly name = 'EnvError'

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'))
  }
}

/** A new plan does not compile until its variable stands here. */
const priceVariables = {
  basic: 'STRIPE_PRICE_BASIC',
  pro: 'STRIPE_PRICE_PRO',
  enterprise: 'STRIPE_PRICE_ENTERPRISE',
} as const satisfies Record<PlanId, string>

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const port = (lowest: number) =>
  wholeNumber(lowest, 65_535, `must be a port: a number from ${lowest} to 65535`)

const origin = z
  .string()
  .refine(isOrigin, 'must be an origin such as https://app.example.com, without a path')
  .transform((url) => new URL(url).origin)

const list = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const secretKey = z
  .string('is missing; set it to the secret key of your Stripe account, sk_test_… or sk_live_…')
  .regex(/^[rs]k_(test|live)_\S+$/, 'must be a secret key of Stripe: sk_test_… or sk_live_…')

const webhookSecrets = z
  .string('is missing; set it to the signing secret of your webhook endpoint, whsec_…')
  .transform(list)
  .pipe(
    z
      .array(z.string().regex(/^whsec_\S+$/, 'must be signing secrets of Stripe: whsec_…'))
      .min(1, 'must be one signing secret of Stripe, whsec_…, or several with commas between'),
  )

const priceId = z
  .string()
  .regex(/^(?!prod_)\S+$/, "must be a price's id, price_…, not a product's")
  .optional()

const authSecret = z.string(
  'is missing; set it to a long random text, for example from: openssl rand -base64 32',
)

function variables(production: boolean) {
  return z.object({
    HOST: z.string().refine(isHost, 'must be a host name or an IP address').default('127.0.0.1'),
    PORT: port(0).default(3000),
    APP_URL: production
      ? origin.refine((url) => url.startsWith('https:'), 'must begin with https:// in production')
      : origin.optional(),
    TRUSTED_ORIGINS: z.string().default('').transform(list).pipe(z.array(origin)),
    DATABASE_URL: z
      .string('is missing; set it to a PostgreSQL URL, or use npm start, which brings one')
      .refine(isPostgresUrl, 'must look like postgresql://user:password@host:5432/database'),
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecrets,
    STRIPE_PUBLISHABLE_KEY: z
      .string()
      .regex(/^pk_(test|live)_\S+$/, 'must be a publishable key of Stripe: pk_test_… or pk_live_…')
      .optional(),
    [priceVariables.basic]: priceId,
    [priceVariables.pro]: priceId,
    [priceVariables.enterprise]: priceId,
    STRIPE_API_BASE: origin.optional(),
    STRIPE_EMULATOR_PORT: port(1).default(12_111),
    AUTH_SECRET: production
      ? authSecret.min(32, 'must have 32 characters or more in production')
      : authSecret,
    PAST_DUE_GRACE_DAYS: wholeNumber(0, 365, 'must be a number of days from 0 to 365').default(7),
    METRICS_TOKEN: z.string().optional(),
    AGENT_PORT: port(1).default(3100),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  })
}

type Variables = z.output<ReturnType<typeof variables>>

/**
 * The environment of a server process. A variable that is set to nothing counts as absent. Throws an EnvError
 * that lists everything wrong at once; no line shows a value, since it may be a secret.
 */
export function readEnv(environment: NodeJS.ProcessEnv): Env {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const production = given['NODE_ENV'] === 'production'
  const result = variables(production).safeParse(given)
  const lines = new Map([
    ...(result.error?.issues ?? []).map(({ path, message }) => line(String(path[0]), message)),
    ...conflicts(given).map(([name, message]) => line(name, message)),
  ])
  if (production && !given['APP_URL']) {
    lines.set(...line('APP_URL', 'is missing; production needs the public https:// origin here'))
  }
  if (!result.success || lines.size > 0) throw new EnvError([...lines.values()].sort())
  return toEnv(result.data, production)
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
  const prices = Object.values(priceVariables)
  for (const [index, name] of prices.entries()) {
    const twin = prices.slice(0, index).find((other) => given[name] && given[other] === given[name])
    if (twin !== undefined) found.push([name, `must not be the price of ${twin} as well`])
  }
  return found
}

function toEnv(variables: Variables, production: boolean): Env {
  const { HOST: host, PORT: port } = variables
  const appUrl = variables.APP_URL ?? httpOrigin(host, port)
  const prices = Object.entries(priceVariables).flatMap(([plan, name]) =>
    variables[name] === undefined ? [] : [[plan, variables[name]]],
  )
  return {
    production,
    host,
    port,
    appUrl,
    origins: [
      ...new Set([
        appUrl,
        ...variables.TRUSTED_ORIGINS,
        ...(production ? [] : loopbackOrigins(appUrl, port)),
      ]),
    ],
    databaseUrl: variables.DATABASE_URL,
    stripe: {
      secretKey: variables.STRIPE_SECRET_KEY,
      webhookSecrets: variables.STRIPE_WEBHOOK_SECRET,
      publishableKey: variables.STRIPE_PUBLISHABLE_KEY,
      apiBase: variables.STRIPE_API_BASE,
      priceIds: Object.fromEntries(prices),
    },
    authSecret: variables.AUTH_SECRET,
    pastDueGraceDays: variables.PAST_DUE_GRACE_DAYS,
    metricsToken: variables.METRICS_TOKEN,
    logLevel: variables.LOG_LEVEL,
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
    throw new EnvError([`.env can't be read: ${error instanceof Error ? error.message : error}`])
  }
}

function wholeNumber(lowest: number, highest: number, message: string) {
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .pipe(z.int(message).min(lowest, message).max(highest, message))
}

function isHost(host: string): boolean {
  return isIP(host) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, origin, href } = new URL(text)
  return /^https?:$/.test(protocol) && href === `${origin}/`
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)
}
