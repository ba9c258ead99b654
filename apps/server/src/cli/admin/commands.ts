import type { AccountName } from '@tollgate/core'
import type { Command } from 'commander'
import { StartError } from '../../config/start-error.ts'
import { JSON_OPTION, runCommand } from '../command.ts'
import { accountAction, accountCommands } from './account-actions.ts'
import { adminGrant } from './grant.ts'

interface Options {
  json?: boolean
  userId?: string
}

const USER_ID = ['--user-id <id>', 'name the account by its id instead'] as const

/** `tollgate admin …`: who is an admin, and what an operator does to somebody's account. */
export function addAdmin(program: Command): void {
  const admin = program.command('admin').description('admins, and what is done to accounts')
  admin
    .command('grant [email]')
    .description('make the account that signs in with this verified e-mail address an admin')
    .option(...USER_ID)
    .option(...JSON_OPTION)
    .action((email: string | undefined, options: Options) =>
      runCommand(options, (command) => adminGrant(command, nameOf(email, options))),
    )
  for (const each of accountCommands) {
    const command = admin
      .command(`${each.name} [email]`)
      .description(each.description)
      .option(...USER_ID)
      .requiredOption('--reason <text>', 'why; kept in the audit log')
      .option(...JSON_OPTION)
    if (each.name === 'revoke') command.option('--last', 'even from the last admin')
    command.action(
      (email: string | undefined, options: Options & { reason: string; last?: boolean }) =>
        runCommand(options, (context) =>
          accountAction(context, each, { ...options, name: nameOf(email, options) }),
        ),
    )
  }
}

function nameOf(email: string | undefined, { userId }: Options): AccountName {
  if ((email === undefined) === (userId === undefined)) {
    throw new StartError('Name the account by its e-mail address, or by --user-id')
  }
  return userId === undefined ? { email: email ?? '' } : { userId }
}
