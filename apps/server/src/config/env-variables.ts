import { isIP } from 'node:net'
import { z } from 'zod'
import { trustProxy } from './trust-proxy.ts'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const port = (lowest: number) =>
  wholeNumber(lowest, 65_535, `must be a port: a number from ${lowest} to 65535`)

export const origin = z
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

/** The value of a `STRIPE_PRICE_…` variable. */
export const priceId = z
  .string()
  .regex(/^(?!prod_)\S+$/, "must be a price's id, price_…, not a product's")
  .optional()

const smtpUrl = z
  .string()
  .refine(isSmtpUrl, 'must look like smtps://user:password@mail.example.com:465, or smtp://…')

const mailFrom = z
  .string()
  .regex(
    /^([^<>@\r\n]+<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    'must be an address such as billing@example.com, or Example <billing@example.com>',
  )

const authSecret = z.string(
  'is missing; set it to a long random text, for example from: openssl rand -base64 32',
)

/** Each variable by itself: what it has to look like, and what it is where it is absent. */
export function variables(production: boolean) {
  return z.object({
    HOST: z.string().refine(isHost, 'must be a host name or an IP address').default('127.0.0.1'),
    PORT: port(0).default(3000),
    APP_URL: production
      ? origin.refine((url) => url.startsWith('https:'), 'must begin with https:// in production')
      : origin.optional(),
    TRUSTED_ORIGINS: z.string().default('').transform(list).pipe(z.array(origin)),
    TRUST_PROXY: trustProxy,
    DATABASE_URL: z
      .string('is missing; set it to a PostgreSQL URL, or use npm start, which brings one')
      .refine(isPostgresUrl, 'must look like postgresql://user:password@host:5432/database'),
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecrets,
    STRIPE_PUBLISHABLE_KEY: z
      .string()
      .regex(/^pk_(test|live)_\S+$/, 'must be a publishable key of Stripe: pk_test_… or pk_live_…')
      .optional(),
    STRIPE_API_BASE: origin.optional(),
    STRIPE_EMULATOR_PORT: port(1).default(12_111),
    AUTH_SECRET: production
      ? authSecret.min(32, 'must have 32 characters or more in production')
      : authSecret,
    PAST_DUE_GRACE_DAYS: wholeNumber(0, 365, 'must be a number of days from 0 to 365').default(7),
    RECONCILE_EVERY_HOURS: wholeNumber(
      0,
      720,
      'must be a number of hours from 0, for never, to 720',
    ).default(24),
    RECONCILE_REQUESTS_PER_SECOND: wholeNumber(
      1,
      100,
      'must be a number of requests from 1 to 100',
    ).default(10),
    SMTP_URL: smtpUrl.optional(),
    MAIL_FROM: mailFrom.optional(),
    METRICS_TOKEN: z.string().optional(),
    AGENT_PORT: port(1).default(3100),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  })
}

export type Variables = z.output<ReturnType<typeof variables>>

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

function isSmtpUrl(text: string): boolean {
  return (
    URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== ''
  )
}
