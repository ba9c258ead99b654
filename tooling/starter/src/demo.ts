import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { keep, store } from './kept.ts'
import { StartError } from './output.ts'
import { runProgram } from './process/programs.ts'
import { readSecrets, root, type Settings } from './settings.ts'

/** What the server's command line makes at the first start; the accounts' passwords are among the secrets. */
export interface Demo {
  customerEmail: string
  adminEmail: string
  agentApiKey: string
}

/** Creates the demo accounts and the example agent's key, or answers those that this data folder has. */
export async function prepareDemo(settings: Settings, signal: AbortSignal): Promise<Demo> {
  const kept = await keep(file(settings), (): Partial<Demo> => ({}))
  if (isComplete(kept)) return kept
  const { customerPassword, adminPassword } = await readSecrets(settings)
  const scopes = 'usage:write,usage:read'
  const keysCreate = ['keys', 'create', '--name', 'agent', '--scopes', scopes]
  const [accounts, key] = await Promise.all([
    runCommand(settings, { args: ['demo'], input: { customerPassword, adminPassword }, signal }),
    runCommand(settings, { args: keysCreate, signal }),
  ])
  const demo = { ...accounts, agentApiKey: key['key'] }
  if (!isComplete(demo))
    throw new StartError('"tollgate demo" and "keys create" answered too little')
  await store(file(settings), demo)
  return demo
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

function isComplete(demo: Partial<Record<keyof Demo, unknown>>): demo is Demo {
  const values = [demo.customerEmail, demo.adminEmail, demo.agentApiKey]
  return values.every((value) => typeof value === 'string')
}

interface Command {
  args: string[]
  input?: object
  signal: AbortSignal
}

/** A command of `npm run tollgate`, and what it answers with `--json`. */
async function runCommand({ env }: Settings, { args, input = {}, signal }: Command) {
  const script = join(root, 'apps/server/dist/cli.js')
  const name = `tollgate ${args.join(' ')}`
  return runProgram({ name, args: [script, ...args, '--json'], env }, { input, signal })
}
