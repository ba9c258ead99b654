import { grantAdmin } from '@tollgate/core'
import { Command } from 'commander'
import type { CommandContext } from './cli/command.ts'
import { runCommand } from './cli/command.ts'
import { demo } from './cli/demo.ts'
import { doctor } from './cli/doctor.ts'
import { eventsReplay } from './cli/events-replay.ts'
import type { KeysCreateOptions } from './cli/keys-create.ts'
import { keysCreate, parseInstant, parseScopes } from './cli/keys-create.ts'
import { plansPush } from './cli/plans-push.ts'
import { stripeReconcile } from './cli/stripe-reconcile.ts'
import { usageArchive, usageVerify } from './cli/usage.ts'
import { EnvError } from './env.ts'

type Json = { json?: boolean }

const program = new Command('tollgate')
  .description('Operates a Tollgate deployment. Reads the same environment as the server.')
  .showHelpAfterError('(--help says more)')

const JSON_OPTION = ['--json', 'answer as one JSON object'] as const

const admin = program.command('admin').description('who may see and change everything')
admin
  .command('grant <email>')
  .description('make the account that signs in with this e-mail address an admin')
  .option(...JSON_OPTION)
  .action((email: string, options: Json) =>
    runCommand(options, async ({ core }: CommandContext) => {
      const granted = await grantAdmin(core, { email })
      return { json: granted, lines: [`${email} is an admin (${granted.userId})`] }
    }),
  )

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

try {
  await program.parseAsync()
} catch (error) {
  const lines = error instanceof EnvError ? error.lines : [explain(error)]
  for (const line of lines) console.error(line)
  process.exitCode = 1
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
