import { join } from 'node:path'
import { forgetDemo } from './demo.ts'
import { say } from './output.ts'
import { embeddedCluster } from './postgres/embedded.ts'
import { startCluster } from './postgres/index.ts'
import type { Mode } from './process/launch.ts'
import { type Program, startProgram } from './process/programs.ts'
import { waitUntilReady } from './process/ready.ts'
import type { Session } from './process/session.ts'
import { root, type Settings, urlOf } from './settings.ts'

/** What starting a part needs to know. */
export interface Start {
  session: Session
  settings: Settings
  mode: Mode
}

/** Starts the embedded PostgreSQL, and tells the parts after it where it is. */
export async function startDatabase({ session, settings }: Start): Promise<void> {
  const { dataFolder, env } = settings
  const cluster = session.add(await startCluster(await embeddedCluster(dataFolder, say)))
  if (cluster.isNew) await forgetDemo(settings)
  env['DATABASE_URL'] = cluster.url('postgres')
  const how = cluster.adopted ? 'taken over, it was still running' : 'ready'
  say(`PostgreSQL: ${how} (port ${cluster.port}, data in ${cluster.folder})`)
}

export async function startLocalStripe(start: Start): Promise<void> {
  const { dataFolder, env, host, port, emulatorPort } = start.settings
  const options = {
    port: emulatorPort,
    'forward-to': `${urlOf(host, port)}/api/billing/webhook`,
    'webhook-secret': env['STRIPE_WEBHOOK_SECRET'],
    data: join(dataFolder, 'stripe.json'),
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])
  const script = start.mode.launch('packages/stripe-emulator', 'cli')
  const program = { name: 'Local Stripe', args: [...script, ...args], env }
  await startReady(start, program, `http://127.0.0.1:${emulatorPort}/`)
}

export async function startServer(start: Start): Promise<void> {
  const { env, host, port } = start.settings
  const program = { name: 'Server', args: start.mode.launch('apps/server', 'main'), env }
  await startReady(start, program, `${urlOf(host, port)}/readyz`)
}

/** Builds the pages again whenever they change; the server serves what is there. */
export function watchPages({ session, settings }: Start): void {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', '--watch', '--logLevel=warn', 'apps/web']
  session.watch(startProgram({ name: 'Pages', args, env: settings.env }))
}

export async function startAgent(start: Start, apiKey: string): Promise<void> {
  const { env, host, port, agentPort } = start.settings
  const program = {
    name: 'Agent',
    args: start.mode.launch('apps/agent', 'main'),
    env: { ...env, TOLLGATE_URL: urlOf(host, port), TOLLGATE_API_KEY: apiKey },
  }
  await startReady(start, program, urlOf(host, agentPort))
}

async function startReady(start: Start, program: Program, url: string): Promise<void> {
  const { session, settings, mode } = start
  const fileName = `${program.name.toLowerCase().replace(' ', '-')}.log`
  const verbose = mode.verbose || settings.production
  const logFile = verbose ? {} : { logFile: join(settings.dataFolder, 'logs', fileName) }
  const running = session.watch(startProgram({ ...program, ...logFile }))
  await waitUntilReady(running, url, session.signal)
  say(`${program.name}: ready`)
}
