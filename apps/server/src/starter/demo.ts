import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartError } from '../config/start-error.ts'
import { keep, store } from './kept.ts'
import { runProgram } from './process/programs.ts'
import { readSecrets, type Settings } from './settings.ts'

/** The accounts that the first start makes; their passwords are among the secrets. */
export interface DemoAccounts {
  customerEmail: string
  adminEmail: string
}

/** What the data folder holds of a demo. */
interface Demo extends DemoAccounts {
  agentApiKey: string
}

/** Creates the demo accounts, or returns those that this data folder has. */
export async function demoAccounts(settings: Settings, signal: AbortSignal): Promise<DemoAccounts> {
  const { customerEmail, adminEmail } = await stored(settings)
  if (isText(customerEmail) && isText(adminEmail)) return { customerEmail, adminEmail }
  const { customerPassword, adminPassword } = await readSecrets(settings)
  const input = { customerPassword, adminPassword }
  const made = await runCommand(settings, { args: ['demo'], input, signal })
  if (!isText(made['customerEmail']) || !isText(made['adminEmail'])) {
    throw new StartError('"tollgate demo" did not print two e-mail addresses')
  }
  const accounts = { customerEmail: made['customerEmail'], adminEmail: made['adminEmail'] }
  await add(settings, accounts)
  return accounts
}

/** Creates an API key for the example agent, or returns the one that this data folder has. */
export async function agentApiKey(settings: Settings, signal: AbortSignal): Promise<string> {
  const kept = await stored(settings)
  if (isText(kept.agentApiKey)) return kept.agentApiKey
  const args = ['keys', 'create', '--name', 'agent', '--scopes', 'usage:write,usage:read']
  const { key } = await runCommand(settings, { args, signal })
  if (!isText(key)) throw new StartError('"tollgate keys create" did not print a key')
  await add(settings, { agentApiKey: key })
  return key
}

function stored(settings: Settings): Promise<Partial<Demo>> {
  return keep(file(settings), () => ({}))
}

async function add(settings: Settings, values: Partial<Demo>): Promise<void> {
  const kept = await stored(settings)
  await store(file(settings), { ...kept, ...values })
}

/** To be called when the database is new: what is kept belongs to one that is gone. */
export async function forgetDemo(settings: Settings): Promise<void> {
  await rm(file(settings), { force: true })
}

/** Writes the plan catalogue to Stripe; what is there already stays. */
export async function pushPlans(settings: Settings, signal: AbortSignal): Promise<void> {
  await runCommand(settings, { args: ['plans', 'push'], signal })
}

function file({ dataFolder }: Settings): string {
  return join(dataFolder, 'demo.json')
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

interface Command {
  args: string[]
  input?: object
  signal: AbortSignal
}

const tollgate = fileURLToPath(new URL('../bin/tollgate.mjs', import.meta.url))

/** Runs a command of `tollgate`, and returns what it prints with `--json`. */
async function runCommand({ env }: Settings, { args, input = {}, signal }: Command) {
  const name = `tollgate ${args.join(' ')}`
  return runProgram({ name, args: [tollgate, ...args, '--json'], env }, { input, signal })
}
