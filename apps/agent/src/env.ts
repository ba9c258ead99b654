import { z } from 'zod'

/** What the environment says, checked. */
export interface Env {
  host: string
  port: number
  tollgateUrl: string
  tollgateApiKey: string
  /** Origins whose pages may call with their user's cookie. */
  origins: readonly string[]
  /** One origin that the scraper fetches from though it may be private: for tests. */
  scraperAllowOrigin: string | undefined
  logLevel: (typeof logLevels)[number]
}

/** The environment is wrong or incomplete: one line for each variable. */
export class EnvError extends Error {
  override readonly name = 'EnvError'

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'))
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const origin = z
  .string()
  .refine(isOrigin, 'must be an origin such as https://app.example.com, without a path')
  .transform((url) => new URL(url).origin)

const variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  AGENT_PORT: z
    .string()
    .regex(/^\d+$/, 'must be a port: a number from 0 to 65535')
    .transform(Number)
    .pipe(z.int().max(65_535, 'must be a port: a number from 0 to 65535'))
    .default(3100),
  TOLLGATE_URL: z
    .string('is missing; set it to where Tollgate is, for example http://127.0.0.1:3000')
    .refine(isHttpUrl, 'must be a URL such as https://billing.example.com'),
  TOLLGATE_API_KEY: z
    .string('is missing; make a key with: npm run tollgate -- keys create')
    .regex(/^tg_\S+$/, 'must be an API key of Tollgate: tg_…'),
  APP_URL: origin.optional(),
  TRUSTED_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((item) => item.trim() || []))
    .pipe(z.array(origin)),
  SCRAPER_ALLOW_ORIGIN: origin.optional(),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
})

/**
 * Reads the environment; a variable that is set to nothing counts as absent. Throws an EnvError that lists everything
 * wrong at once, and shows no value, since it may be a secret.
 */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.entries(environment).filter(([, value]) => value?.trim())
  const { data, error } = variables.safeParse(Object.fromEntries(given))
  if (!data) {
    const lines = error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
    throw new EnvError([...new Set(lines)])
  }
  const appOrigin = data.APP_URL ?? new URL(data.TOLLGATE_URL).origin
  return {
    host: data.HOST,
    port: data.AGENT_PORT,
    tollgateUrl: data.TOLLGATE_URL,
    tollgateApiKey: data.TOLLGATE_API_KEY,
    origins: [...new Set([appOrigin, ...loopbackNames(appOrigin), ...data.TRUSTED_ORIGINS])],
    scraperAllowOrigin: data.SCRAPER_ALLOW_ORIGIN,
    logLevel: data.LOG_LEVEL,
  }
}

/** People type either name of their own machine, and a browser takes them for two origins. */
function loopbackNames(appOrigin: string): string[] {
  const url = new URL(appOrigin)
  const names = ['localhost', '127.0.0.1']
  if (!names.includes(url.hostname)) return []
  return names.map((name) => appOrigin.replace(url.hostname, name))
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function isOrigin(text: string): boolean {
  return isHttpUrl(text) && new URL(text).href === `${new URL(text).origin}/`
}
