import { join } from 'node:path'
import { keep, store } from './kept.ts'
import type { Mode } from './launch.ts'
import { StartError, say } from './output.ts'
import { embeddedCluster } from './postgres/embedded.ts'
import { startCluster } from './postgres/index.ts'
import { type Program, runProgram, startProgram } from './process/programs.ts'
import { waitUntilReady } from './process/ready.ts'
import type { Session } from './process/session.ts'
import { readSecrets, root, type Settings } from './settings.ts'

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
  env['DATABASE_URL'] = cluster.url('postgres')
  const how = cluster.adopted ? 'taken over, it was still running' : 'ready'
  say(`PostgreSQL: ${how} (port ${cluster.port}, data in ${cluster.folder})`)
}

/** Starts the local Stripe, and writes the plan catalogue to it. */
export async function startLocalStripe(start: Start): Promise<void> {
  const { dataFolder, env, host, port, emulatorPort } = start.settings
  const options = {
    port: emulatorPort,
    'forward-to': `http://${host}:${port}/api/billing/webhook`,
    'webhook-secret': env['STRIPE_WEBHOOK_SECRET'],
    data: join(dataFolder, 'stripe.json'),
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])
  const script = start.mode.launch('packages/stripe-emulator', 'cli')
  const program = { name: 'Local Stripe', args: [...script, ...args], env }
  await startReady(start, program, `http://127.0.0.1:${emulatorPort}/`)
  await runCommand(start.settings, ['plans', 'push'])
}

/** The e-mail addresses of the two demo accounts; their passwords are among the secrets. */
export interface DemoAccounts {
  customerEmail: string
  adminEmail: string
}

/** Creates the demo accounts, or finds them as an earlier start has left them. */
export async function prepareDemo({ settings }: Start): Promise<DemoAccounts> {
  const { customerPassword, adminPassword } = await readSecrets(settings)
  const passwords = { customerPassword, adminPassword }
  const { customerEmail, adminEmail } = await runCommand(settings, ['demo'], passwords)
  if (typeof customerEmail !== 'string' || typeof adminEmail !== 'string') {
    throw new StartError('the command "demo" did not answer with two e-mail addresses')
  }
  return { customerEmail, adminEmail }
}

export async function startServer(start: Start): Promise<void> {
  const { env, host, port } = start.settings
  const program = { name: 'Server', args: start.mode.launch('apps/server', 'main'), env }
  await startReady(start, program, `http://${host}:${port}/readyz`)
}

/** Builds the pages again whenever they change; the server serves what is there. */
export function watchPages({ session, settings }: Start): void {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', '--watch', '--logLevel=warn', 'apps/web']
  session.watch(startProgram({ name: 'Pages', args, env: settings.env }))
}

/** Starts the example agent, with an API key of its own that is made at the first start. */
export async function startAgent(start: Start): Promise<void> {
  const { env, host, port, agentPort } = start.settings
  const agentEnv = {
    ...env,
    TOLLGATE_URL: `http://${host}:${port}`,
    TOLLGATE_API_KEY: await agentKey(start.settings),
  }
  const program = { name: 'Agent', args: start.mode.launch('apps/agent', 'main'), env: agentEnv }
  await startReady(start, program, `http://${host}:${agentPort}/`)
}

async function agentKey(settings: Settings): Promise<string> {
  const file = join(settings.dataFolder, 'agent.json')
  const { key } = await keep(file, () => ({ key: '' }))
  if (key !== '') return key
  const scopes = 'usage:write,usage:read'
  const { key: created } = await runCommand(settings, [
    'keys',
    'create',
    '--name',
    'agent',
    '--scopes',
    scopes,
  ])
  if (typeof created !== 'string') throw new StartError('"keys create" did not answer a key')
  await store(file, { key: created })
  return created
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

/** A command of `npm run tollgate`, and what it answers with `--json`. */
async function runCommand(settings: Settings, args: string[], input: object = {}) {
  const script = join(root, 'apps/server/dist/cli.js')
  const name = `tollgate ${args.join(' ')}`
  const program = { name, args: [script, ...args, '--json'], env: settings.env }
  return runProgram(program, input)
}
