import { Command } from 'commander'
import { explain } from '../config/start-error.ts'
import { ACCEPT_RESETS } from '../prepare.ts'
import { installed, type Mode } from '../starter/mode.ts'
import { runUntilStopped } from '../starter/start.ts'
import { addAdmin } from './admin/commands.ts'
import { JSON_OPTION, runCommand } from './command.ts'
import type { CreditsGrantOptions } from './credits-grant.ts'
import { creditsGrant, parseAmount } from './credits-grant.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { eventsReplay } from './events-replay.ts'
import type { KeysCreateOptions } from './keys-create.ts'
import { keysCreate, parseInstant, parseScopes } from './keys-create.ts'
import { migrate } from './migrate.ts'
import { overageResolve } from './plans/overage-resolve.ts'
import { plansApply } from './plans/plans-apply.ts'
import { plansPush } from './plans/plans-push.ts'
import { stripeReconcile } from './stripe-reconcile.ts'
import { usageArchive, usageVerify } from './usage.ts'

type Json = { json?: boolean }
type Start = { acceptResets?: boolean }

/**
 * Runs one command of `tollgate` in the project of the working directory, and returns the exit code. What the caller has
 * to mend is one line each on stderr. `mode` says what `dev` and `start` run, where that is not what is installed.
 */
export async function tollgate(args: readonly string[], mode: Partial<Mode> = {}): Promise<number> {
  const program = new Command('tollgate')
    .description(
      'Runs and operates the Tollgate project of this folder: tollgate.config.ts and .env.',
    )
    .showHelpAfterError('(--help says more)')
  addStarts(program, mode)
  addAdmin(program)
  addKeys(program)
  addStripe(program)
  addUsage(program)
  addCredits(program)
  addMaintenance(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    for (const line of explain(error)) console.error(line)
    return 1
  }
}

function addStarts(program: Command, mode: Partial<Mode>): void {
  const run = async (defaults: NodeJS.ProcessEnv, { acceptResets = false }: Start) => {
    const all = { ...installed(), ...mode }
    const server = acceptResets ? [...all.server, ACCEPT_RESETS] : all.server
    process.exit(await runUntilStopped({ ...all, server }, defaults))
  }
  const accept = [ACCEPT_RESETS, 'let a meter with use reset otherwise: all begin at 0'] as const
  program
    .command('dev')
    .description('start everything: database, local Stripe, server, pages and demo accounts')
    .option(...accept)
    .action((options: Start) => run({}, options))
  program
    .command('start')
    .description('start the server alone, as production needs it')
    .option(...accept)
    .action((options: Start) => run({ NODE_ENV: 'production' }, options))
}

function addKeys(program: Command): void {
  const keys = program.command('keys').description('API keys of sibling apps')
  keys
    .command('create')
    .description('make a key; it is shown once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scopes <scopes>', 'with commas between: usage:write,usage:read', parseScopes)
    .option('--expires <instant>', 'as 2027-01-31T00:00:00Z', parseInstant)
    .option(...JSON_OPTION)
    .action((options: KeysCreateOptions & Json) =>
      runCommand(options, (command) => keysCreate(command, options)),
    )
}

function addStripe(program: Command): void {
  const plans = program.command('plans').description('the plan catalogue')
  plans
    .command('push')
    .description(
      "make Stripe's products, prices, customer portal and webhook endpoint follow the catalogue",
    )
    .option('--dry-run', 'only say what would be done')
    .option(...JSON_OPTION)
    .action((options: { dryRun?: boolean } & Json) =>
      runCommand(options, (command) => plansPush(command, options)),
    )
  plans
    .command('apply')
    .description(
      'give subscriptions from before what their plan sells beyond its limits, with a cap of 0',
    )
    .option('--dry-run', 'only say what would be done')
    .option(...JSON_OPTION)
    .action((options: { dryRun?: boolean } & Json) =>
      runCommand(options, (command) => plansApply(command, options)),
    )
  const overage = program.command('overage').description('what is sold beyond the limits of plans')
  overage
    .command('resolve <identifier>')
    .description(
      'note that you have seen to what reconcile reports: not billed, or to be given back',
    )
    .option(...JSON_OPTION)
    .action((identifier: string, options: Json) =>
      runCommand(options, (command) => overageResolve(command, { identifier })),
    )
  const stripe = program.command('stripe').description('what Stripe says, and what we have')
  stripe
    .command('reconcile')
    .description('compare every row with Stripe and repair it; exit code 1 where something is left')
    .option('--dry-run', 'only say what differs')
    .option(...JSON_OPTION)
    .action((options: { dryRun?: boolean } & Json) =>
      runCommand(options, (command) => stripeReconcile(command, options)),
    )
  const events = program.command('events').description("the inbox of Stripe's webhooks")
  events
    .command('replay [id]')
    .description('do once more what an event asks for; exit code 1 where it still fails')
    .option('--dead', 'all that were given up')
    .option(...JSON_OPTION)
    .action((id: string | undefined, options: { dead?: boolean } & Json) =>
      runCommand(options, (command) => eventsReplay(command, { id, ...options })),
    )
}

function addUsage(program: Command): void {
  const usage = program.command('usage').description('the ledger of usage and its counters')
  usage
    .command('verify')
    .description('compare every counter with the ledger; exit code 1 where one differs')
    .option('--repair', 'make the counters say what the ledger says')
    .option(...JSON_OPTION)
    .action((options: { repair?: boolean } & Json) =>
      runCommand(options, (command) => usageVerify(command, options)),
    )
  usage
    .command('archive')
    .description('move ledger rows older than 400 days into the archive; no total changes')
    .option(...JSON_OPTION)
    .action((options: Json) => runCommand(options, usageArchive))
}

function addCredits(program: Command): void {
  const credits = program.command('credits').description("users' credits")
  credits
    .command('grant')
    .description('give a user credits for a meter; the same key again gives nothing more')
    .requiredOption('--user <id>', 'whom')
    .requiredOption('--meter <meter>', 'a meter of the catalogue')
    .requiredOption('--amount <units>', 'how many units', parseAmount)
    .requiredOption('--reason <text>', 'why, for the audit log')
    .requiredOption('--key <key>', 'names this grant: a repeat under it gives the first result')
    .option('--expires <instant>', 'as 2027-01-31T00:00:00Z; never unless given', parseInstant)
    .option(...JSON_OPTION)
    .action((options: CreditsGrantOptions & Json) =>
      runCommand(options, (command) => creditsGrant(command, options)),
    )
}

function addMaintenance(program: Command): void {
  program
    .command('migrate')
    .description("bring the database's tables up to this version; a start does it too")
    .option(...JSON_OPTION)
    .action((options: Json) => runCommand({ ...options, migrates: false }, migrate))
  program
    .command('doctor')
    .description('look at everything that billing needs; exit code 1 where something is wrong')
    .option(...JSON_OPTION)
    .action((options: Json) => runCommand({ ...options, migrates: false }, doctor))
  program
    .command('demo', { hidden: true })
    .description('make the demo accounts; {"customerPassword", "adminPassword"} on stdin')
    .option(...JSON_OPTION)
    .action((options: Json) => runCommand(options, demo))
}
