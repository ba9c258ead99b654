import { type Demo, prepareDemo, pushPlans } from './demo.ts'
import { say } from './output.ts'
import {
  type Start,
  startAgent,
  startDatabase,
  startLocalStripe,
  startServer,
  watchPages,
} from './parts.ts'
import type { Mode } from './process/launch.ts'
import { takeLock } from './process/lock.ts'
import { requireFree } from './process/ready.ts'
import { Session } from './process/session.ts'
import { readSecrets, readSettings, type Settings, urlOf } from './settings.ts'

/** How long the programs of a killed starter may take to notice it, and to free their ports. */
const AFTER_CRASH_MS = 15_000

/** Starts everything, waits for a signal or for a part to end, and stops everything. Answers the exit code. */
export async function runUntilStopped(mode: Mode): Promise<number> {
  return new Session().run(async (session) =>
    startAll({ session, mode, settings: await readSettings() }),
  )
}

async function startAll(start: Start): Promise<void> {
  const { session, settings, mode } = start
  await requirePorts(settings, await claimDataFolder(start))
  if (settings.production && settings.embeddedDatabase) {
    say('Warning: no DATABASE_URL in production; using the embedded PostgreSQL')
  }
  if (settings.embeddedDatabase) await startDatabase(start)
  // Side by side, since each takes a second or more; they are stopped in the opposite order of these lines.
  const [demo] = await Promise.all([settings.demo ? startDemo(start) : null, startServer(start)])
  if (mode.watchPages) watchPages(start)
  session.signal.throwIfAborted()
  await printSummary(settings, demo)
}

/** The local Stripe with the plans, the demo accounts, and the example agent. */
async function startDemo(start: Start): Promise<Demo> {
  const { settings, session } = start
  const stripe = startLocalStripe(start).then(() => pushPlans(settings, session.signal))
  const agent = prepareDemo(settings, session.signal).then(async (demo) => {
    await startAgent(start, demo.agentApiKey)
    return demo
  })
  const [demo] = await Promise.all([agent, stripe])
  return demo
}

/** Takes the lock where there is data of ours to protect. Answers how long to wait for ports. */
async function claimDataFolder({ session, settings }: Start): Promise<number> {
  if (!settings.embeddedDatabase) return 0
  const lock = await takeLock(settings.dataFolder)
  session.add({ stop: async () => lock.release() })
  return lock.afterCrash ? AFTER_CRASH_MS : 0
}

async function requirePorts(settings: Settings, patienceMs: number): Promise<void> {
  const { host, port, emulatorPort, agentPort, demo } = settings
  await requireFree({ host, port, variable: 'PORT' }, patienceMs)
  if (!demo) return
  const emulator = { host: '127.0.0.1', port: emulatorPort, variable: 'STRIPE_EMULATOR_PORT' }
  await requireFree(emulator, patienceMs)
  await requireFree({ host, port: agentPort, variable: 'AGENT_PORT' }, patienceMs)
}

async function printSummary(settings: Settings, demo: Demo | null): Promise<void> {
  const { env, host, port, agentPort, emulatorPort } = settings
  const app = env['APP_URL'] || urlOf(host, port)
  say('')
  say(`  App            ${app}/billing`)
  say(`  Admin          ${app}/admin/billing`)
  say(`  API docs       ${app}/api/docs`)
  if (demo !== null) {
    const { customerPassword, adminPassword } = await readSecrets(settings)
    say(`  Local Stripe   http://127.0.0.1:${emulatorPort}`)
    say(`  Example agent  ${urlOf(host, agentPort)}`)
    say('')
    say(`  Customer       ${demo.customerEmail}  ${customerPassword}`)
    say(`  Admin          ${demo.adminEmail}  ${adminPassword}`)
  }
  say('')
  say('Ctrl-C stops everything; the data stays.')
}
