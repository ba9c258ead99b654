import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { EnvError, readEnv } from '@tollgate/server/env'
import { keep } from './kept.ts'
import { StartError } from './output.ts'

/** Of the clone, seen from `src` as well as from `dist`. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What this start runs, and with what. */
export interface Settings {
  /** The caller's environment over `.env`, with the embedded defaults where it says nothing. */
  env: NodeJS.ProcessEnv
  dataFolder: string
  production: boolean
  embeddedDatabase: boolean
  localStripe: boolean
  /** Demo accounts and the example agent's key: only on embedded defaults that nobody else can reach. */
  demo: boolean
  host: string
  port: number
  agentPort: number
  emulatorPort: number
}

/** Throws a StartError with one line for each variable that is missing or wrong. */
export async function readSettings(): Promise<Settings> {
  const env = { ...dotEnv(), ...process.env }
  const production = env['NODE_ENV'] === 'production'
  const host = env['HOST'] || '127.0.0.1'
  const embeddedDatabase = !env['DATABASE_URL']
  const localStripe = !production && !env['STRIPE_SECRET_KEY'] && !env['STRIPE_WEBHOOK_SECRET']
  const settings: Settings = {
    env,
    dataFolder: resolve(root, env['TOLLGATE_DATA_DIR'] || '.tollgate'),
    production,
    embeddedDatabase,
    localStripe,
    demo: localStripe && embeddedDatabase && isLoopback(host),
    host,
    port: Number(env['PORT'] || 3000),
    agentPort: Number(env['AGENT_PORT'] || 3100),
    emulatorPort: Number(env['STRIPE_EMULATOR_PORT'] || 12111),
  }
  await addGenerated(settings)
  validate(settings)
  return settings
}

function dotEnv(): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(join(root, '.env'), 'utf8'))
  } catch {
    return {}
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
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

async function addGenerated(settings: Settings): Promise<void> {
  const { env, demo, localStripe, emulatorPort } = settings
  if (demo && !env['AUTH_SECRET']) env['AUTH_SECRET'] = (await readSecrets(settings)).authSecret
  if (localStripe) {
    const secrets = await readSecrets(settings)
    env['STRIPE_SECRET_KEY'] = secrets.stripeSecretKey
    env['STRIPE_WEBHOOK_SECRET'] = secrets.stripeWebhookSecret
    env['STRIPE_API_BASE'] = `http://127.0.0.1:${emulatorPort}`
  }
}

/** As the server will read it; the embedded database's URL is known only once it runs. */
function validate({ env }: Settings): void {
  try {
    readEnv({ ...env, DATABASE_URL: env['DATABASE_URL'] || 'postgresql://127.0.0.1/embedded' })
  } catch (error) {
    if (error instanceof EnvError) throw new StartError(...error.lines)
    throw error
  }
}
