import { join } from 'node:path'
import { StartError } from '../config/start-error.ts'
import { agentApiKey, forgetDemo, pushPlans } from './demo.ts'
import type { Mode } from './mode.ts'
import { embeddedCluster } from './postgres/embedded.ts'
import { startCluster, watchCluster } from './postgres/index.ts'
import { type Program, type Running, startProgram } from './process/programs.ts'
import { waitUntilReady } from './process/ready.ts'
import { Restartable } from './process/restartable.ts'
import type { Session } from './process/session.ts'
import { say } from './say.ts'
import { type Settings, urlOf } from './settings.ts'
import { watchConfig } from './watch-config.ts'

/** What starting a part needs to know. */
export interface Start {
  session: Session
  settings: Settings
  mode: Mode
}

/** Starts the embedded PostgreSQL, again where it ends by itself, and tells the parts after it where it is. */
export async function startDatabase({ session, settings }: Start): Promise<void> {
  const { dataFolder, env } = settings
  const options = await embeddedCluster(dataFolder, say)
  const cluster = session.add(await startCluster(options))
  session.add(
    watchCluster({
      options,
      cluster,
      restarted: () => say('PostgreSQL: it had ended, and was started again'),
      failed: (why) => session.end(new StartError(why)),
    }),
  )
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
  const program = { name: 'Local Stripe', args: [...start.mode.stripe, ...args], env }
  await startReady(start, program, `http://127.0.0.1:${emulatorPort}/`)
}

/** Outside production, it is started again when the configuration has changed. */
export async function startServer(start: Start): Promise<void> {
  const { session, settings, mode } = start
  const program = { name: 'Server', args: mode.server, env: settings.env }
  const url = `${urlOf(settings.host, settings.port)}/readyz`
  const server = session.watch(new Restartable(() => run(start, program)))
  await waitUntilReady(server, url, session.signal)
  say('Server: ready')
  if (settings.production) return
  const restart = async () => {
    await waitUntilReady(await server.restart(), url, session.signal)
    if (settings.demo) await pushPlans(settings, session.signal)
    say('Server: ready again')
  }
  session.add(watchConfig(settings, () => restart().catch((error) => session.fail(error))))
}

/** Builds the pages again whenever they change; the server serves what is there. */
export function watchPages({ session, settings, mode }: Start): void {
  if (mode.pages === undefined) return
  session.watch(startProgram({ name: 'Pages', args: mode.pages, env: settings.env }))
}

export async function startAgent(start: Start): Promise<void> {
  const { settings, session, mode } = start
  if (mode.agent === undefined) return
  const { env, host, port, agentPort } = settings
  const TOLLGATE_API_KEY = await agentApiKey(settings, session.signal)
  const program = {
    name: 'Agent',
    args: mode.agent,
    env: { ...env, TOLLGATE_URL: urlOf(host, port), TOLLGATE_API_KEY },
  }
  await startReady(start, program, urlOf(host, agentPort))
}

async function startReady(start: Start, program: Program, url: string): Promise<void> {
  const { session } = start
  await waitUntilReady(session.watch(run(start, program)), url, session.signal)
  say(`${program.name}: ready`)
}

function run({ settings, mode }: Start, program: Program): Running {
  const fileName = `${program.name.toLowerCase().replace(' ', '-')}.log`
  const verbose = mode.verbose || settings.production
  const logFile = verbose ? {} : { logFile: join(settings.dataFolder, 'logs', fileName) }
  return startProgram({ ...program, ...logFile })
}
