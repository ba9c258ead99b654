import { type DemoAccounts, demoAccounts, pushPlans } from './demo.ts'
import type { Mode } from './mode.ts'
import {
  type Start,
  startAgent,
  startDatabase,
  startLocalStripe,
  startServer,
  watchPages,
} from './parts.ts'
import { takeLock } from './process/lock.ts'
import { requireFree } from './process/ready.ts'
import { Session } from './process/session.ts'
import { say } from './say.ts'
import { readSecrets, readSettings, urlOf } from './settings.ts'

/** How long the programs of a killed starter may take to notice it, and to free their ports. */
const AFTER_CRASH_MS = 15_000

/**
 * Starts everything, waits for a signal or for a part to end, and stops everything. Returns the exit code. `defaults`
 * are for variables that nobody has set.
 */
export async function runUntilStopped(mode: Mode, defaults?: NodeJS.ProcessEnv): Promise<number> {
  return new Session().run(async (session) =>
    startAll({ session, mode, settings: await readSettings(defaults) }),
  )
}

async function startAll(start: Start): Promise<void> {
  const { session, settings } = start
  await requirePorts(start, await claimDataFolder(start))
  if (settings.production && settings.embeddedDatabase) {
    say('Warning: no DATABASE_URL in production; using the embedded PostgreSQL')
  }
  if (settings.embeddedDatabase) await startDatabase(start)
  // Side by side, since each takes a second or more; they are stopped in the opposite order of these lines.
  const [demo] = await Promise.all([settings.demo ? startDemo(start) : null, startServer(start)])
  watchPages(start)
  session.signal.throwIfAborted()
  await printSummary(start, demo)
}

/** The local Stripe with the plans, the demo accounts where sign-in is ours, and the example agent. */
async function startDemo(start: Start): Promise<DemoAccounts | null> {
  const { settings, session } = start
  const stripe = startLocalStripe(start).then(() => pushPlans(settings, session.signal))
  const prepared = prepareAccounts(start)
  const [accounts] = await Promise.all([prepared, stripe])
  return accounts
}

/** One after the other, since both are kept in one file. */
async function prepareAccounts(start: Start): Promise<DemoAccounts | null> {
  const { settings, session } = start
  const ownSignIn = settings.config.identify !== undefined
  const accounts = ownSignIn ? null : await demoAccounts(settings, session.signal)
  await startAgent(start)
  return accounts
}

/** Takes the lock where there is data of ours to protect. Returns how long to wait for ports. */
async function claimDataFolder({ session, settings }: Start): Promise<number> {
  if (!settings.embeddedDatabase) return 0
  const lock = await takeLock(settings.dataFolder)
  session.add({ stop: async () => lock.release() })
  return lock.afterCrash ? AFTER_CRASH_MS : 0
}

async function requirePorts({ settings, mode }: Start, patienceMs: number): Promise<void> {
  const { host, port, emulatorPort, agentPort, demo } = settings
  await requireFree({ host, port, variable: 'PORT' }, patienceMs)
  if (!demo) return
  const emulator = { host: '127.0.0.1', port: emulatorPort, variable: 'STRIPE_EMULATOR_PORT' }
  await requireFree(emulator, patienceMs)
  if (mode.agent === undefined) return
  await requireFree({ host, port: agentPort, variable: 'AGENT_PORT' }, patienceMs)
}

async function printSummary({ settings, mode }: Start, demo: DemoAccounts | null): Promise<void> {
  const { env, host, port, agentPort, emulatorPort } = settings
  const app = env['APP_URL'] || urlOf(host, port)
  say('')
  say(`  App            ${app}/billing`)
  say(`  Admin          ${app}/admin/billing`)
  say(`  API docs       ${app}/api/docs`)
  if (settings.demo) say(`  Local Stripe   http://127.0.0.1:${emulatorPort}`)
  if (settings.demo && mode.agent) say(`  Example agent  ${urlOf(host, agentPort)}`)
  if (demo !== null) {
    const { customerPassword, adminPassword } = await readSecrets(settings)
    say('')
    say(`  Customer       ${demo.customerEmail}  ${customerPassword}`)
    say(`  Admin          ${demo.adminEmail}  ${adminPassword}`)
  }
  say('')
  say('Ctrl-C stops everything; the data stays.')
}
