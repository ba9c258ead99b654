import type { Mode } from './launch.ts'
import { say } from './output.ts'
import {
  type DemoAccounts,
  prepareDemo,
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
import { readSecrets, readSettings, type Settings } from './settings.ts'

/** How long the programs of a killed starter may take to notice it, and to free their ports. */
const AFTER_CRASH_MS = 15_000

/** Starts everything, waits for a signal or for a part to end, and stops everything. Answers the exit code. */
export async function runUntilStopped(mode: Mode): Promise<number> {
  return new Session().run(async (session) =>
    startAll({ session, mode, settings: await readSettings() }),
  )
}

/** Each part once the one before it is ready. */
async function startAll(start: Start): Promise<void> {
  const { session, settings, mode } = start
  await requirePorts(settings, await claimDataFolder(start))
  if (settings.production && settings.embeddedDatabase) {
    say('Warning: no DATABASE_URL in production; using the embedded PostgreSQL')
  }
  if (settings.embeddedDatabase) await startDatabase(start)
  if (settings.demo) await startLocalStripe(start)
  const demo = settings.demo ? await prepareDemo(start) : null
  await startServer(start)
  if (mode.watchPages) watchPages(start)
  if (settings.demo) await startAgent(start)
  session.signal.throwIfAborted()
  await printSummary(settings, demo)
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

async function printSummary(settings: Settings, demo: DemoAccounts | null): Promise<void> {
  const { env, host, port, agentPort, emulatorPort } = settings
  const app = env['APP_URL'] || `http://${host}:${port}`
  say('')
  say(`  App            ${app}/billing`)
  say(`  Admin          ${app}/admin/billing`)
  say(`  API docs       ${app}/api/docs`)
  if (demo !== null) {
    const { customerPassword, adminPassword } = await readSecrets(settings)
    say(`  Local Stripe   http://127.0.0.1:${emulatorPort}`)
    say(`  Example agent  http://${host}:${agentPort}`)
    say('')
    say(`  Customer       ${demo.customerEmail}  ${customerPassword}`)
    say(`  Admin          ${demo.adminEmail}  ${adminPassword}`)
  }
  say('')
  say('Ctrl-C stops everything; the data stays.')
}
