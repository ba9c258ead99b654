import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { Config } from '../config/config-file.ts'
import { loadConfig } from '../config/config-file.ts'
import { EnvError, loadEnv, readEnv } from '../config/env.ts'
import { isLoopback } from '../config/local.ts'
import { StartError } from '../config/start-error.ts'
import { keep } from './kept.ts'

/** What this start runs, and with what. */
export interface Settings {
  /** The project's: where its configuration, its `.env` and its data folder are. */
  folder: string
  config: Config
  /** The caller's environment over `.env`, with the local defaults where it says nothing. */
  env: NodeJS.ProcessEnv
  dataFolder: string
  production: boolean
  embeddedDatabase: boolean
  /**
   * Local Stripe, generated secrets, demo accounts and example agent: all or none of them. They exist only beside the
   * embedded database, on a host that nobody else can reach, and never in production, since they give away paid plans.
   */
  demo: boolean
  host: string
  port: number
  agentPort: number
  emulatorPort: number
}

/** The address of a listener, as a URL. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * The settings of the project in the working directory; `defaults` are for variables that neither the environment nor
 * `.env` names. Throws a StartError with one line for each mistake in the configuration, or each variable that is wrong.
 */
export async function readSettings(defaults: NodeJS.ProcessEnv = {}): Promise<Settings> {
  const folder = process.cwd()
  const config = await loadConfig(folder)
  try {
    const settings = decide({ folder, config, env: { ...defaults, ...loadEnv() } })
    if (settings.demo) await addLocalDefaults(settings)
    const { env } = settings
    // As the server will read it; the embedded database's URL is known only once it runs.
    const DATABASE_URL = env['DATABASE_URL'] || 'postgresql://127.0.0.1/embedded'
    readEnv({ ...env, DATABASE_URL }, config.catalog)
    return settings
  } catch (error) {
    if (error instanceof EnvError) throw new StartError(...error.lines, HINT)
    throw error
  }
}

const HINT = `(A start brings its own Stripe and secrets where none of DATABASE_URL, STRIPE_SECRET_KEY and NODE_ENV=production
is set, and HOST is this machine's own. The README lists the variables.)`

function decide({ folder, config, env }: Pick<Settings, 'folder' | 'config' | 'env'>): Settings {
  const production = env['NODE_ENV'] === 'production'
  const host = env['HOST'] || '127.0.0.1'
  const embeddedDatabase = !env['DATABASE_URL']
  const ownStripe = Boolean(env['STRIPE_SECRET_KEY'] || env['STRIPE_WEBHOOK_SECRET'])
  return {
    folder,
    config,
    env,
    dataFolder: resolve(folder, env['TOLLGATE_DATA_DIR'] || '.tollgate'),
    production,
    embeddedDatabase,
    demo: embeddedDatabase && !ownStripe && isLoopback(host) && !production,
    host,
    port: Number(env['PORT'] || 3000),
    agentPort: Number(env['AGENT_PORT'] || 3100),
    emulatorPort: Number(env['STRIPE_EMULATOR_PORT'] || 12_111),
  }
}

export interface Secrets {
  authSecret: string
  stripeSecretKey: string
  stripeWebhookSecret: string
  customerPassword: string
  adminPassword: string
}

/** Made once and kept in the data folder; never in production. */
export function readSecrets({ dataFolder }: Settings): Promise<Secrets> {
  return keep(join(dataFolder, 'secrets.json'), () => ({
    authSecret: randomBytes(32).toString('base64url'),
    stripeSecretKey: `sk_test_${randomBytes(24).toString('hex')}`,
    stripeWebhookSecret: `whsec_${randomBytes(24).toString('hex')}`,
    customerPassword: randomBytes(12).toString('base64url'),
    adminPassword: randomBytes(12).toString('base64url'),
  }))
}

async function addLocalDefaults(settings: Settings): Promise<void> {
  const { authSecret, stripeSecretKey, stripeWebhookSecret } = await readSecrets(settings)
  const { env, emulatorPort } = settings
  env['AUTH_SECRET'] ||= authSecret
  env['STRIPE_SECRET_KEY'] = stripeSecretKey
  env['STRIPE_WEBHOOK_SECRET'] = stripeWebhookSecret
  env['STRIPE_API_BASE'] = `http://127.0.0.1:${emulatorPort}`
}
