import type { Account, AccountName } from '@tollgate/core'
import { findAccount, grantAdmin, TollgateError } from '@tollgate/core'
import type { Answer, CommandContext } from '../command.ts'

/**
 * Makes an account an admin, and says when and how the account was made. By its address only where that is verified.
 * A repeat changes nothing.
 */
export async function adminGrant({ core }: CommandContext, name: AccountName): Promise<Answer> {
  const account = await findAccount(core, name)
  try {
    const granted = await grantAdmin(core, name)
    return {
      json: { ...granted, account: { ...account, role: 'admin' } },
      lines: [describe(account), `${account.email} is an admin (${account.userId})`],
    }
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return {
      json: { errorCode: error.code, message: error.message, account },
      lines: [describe(account), error.message],
      exitCode: 1,
    }
  }
}

/** When and how an account was made: somebody else may have signed up under the address that one has in mind. */
function describe({ userId, email, createdAt, signInBy, emailVerified }: Account): string {
  const how = signInBy.length === 0 ? 'no way to sign in' : signInBy.join(' and ')
  const verified = emailVerified ? 'verified' : 'not verified'
  return `${email} (${userId}): made on ${createdAt}, signs in with ${how}; the address is ${verified}`
}
