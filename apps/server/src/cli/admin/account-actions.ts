import type { AccountAction, AccountName, Context } from '@tollgate/core'
import {
  banAccount,
  eraseUser,
  findAccount,
  revokeAdmin,
  signOutEverywhere,
  unbanAccount,
} from '@tollgate/core'
import type { Answer, CommandContext } from '../command.ts'

interface AccountCommand {
  name: string
  description: string
  /** What is said once it is done. */
  done: string
  run: (core: Context, action: AccountAction, options: { last?: boolean }) => Promise<object>
}

/** What an operator does to somebody's account, with a reason. */
export const accountCommands: readonly AccountCommand[] = [
  {
    name: 'revoke',
    description: 'take the admin role away, from the next call on',
    done: 'is not an admin any more',
    run: (core, action, { last = false }) =>
      revokeAdmin(core, { ...action, ...(last && { evenTheLast: true }) }),
  },
  {
    name: 'ban',
    description: 'sign an account out everywhere, and refuse its sign-in',
    done: 'is banned',
    run: banAccount,
  },
  {
    name: 'unban',
    description: 'let a banned account sign in again',
    done: 'may sign in again',
    run: unbanAccount,
  },
  {
    name: 'sign-out',
    description: 'end every session of an account; it may sign in again',
    done: 'is signed out everywhere',
    run: signOutEverywhere,
  },
  {
    name: 'erase',
    description:
      'end the subscription at Stripe, then erase account, name and address for good; usage and invoices stay',
    done: 'is erased',
    run: eraseUser,
  },
]

/** Runs one of them on the account of an address, or on any user by id. */
export async function accountAction(
  { core }: CommandContext,
  command: AccountCommand,
  { reason, last, ...who }: { name: AccountName; reason: string; last?: boolean | undefined },
): Promise<Answer> {
  const userId = 'userId' in who.name ? who.name.userId : (await findAccount(core, who.name)).userId
  const actor = { kind: 'command', id: `admin ${command.name}` } as const
  await command.run(core, { userId, actor, reason }, last ? { last } : {})
  return { json: { userId }, lines: [`${userId} ${command.done}`] }
}
