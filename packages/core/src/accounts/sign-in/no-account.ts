import { TollgateError } from '../../errors.ts'
import type { AccountName } from './account.ts'

/** USER_NOT_FOUND, for somebody who has no sign-in account here: a user of a sibling app, or of a host's own sign-in. */
export function noAccount(name: AccountName): TollgateError {
  const message =
    'email' in name
      ? `Nobody signs in as ${JSON.stringify(name.email)}.`
      : `The user ${JSON.stringify(name.userId)} has no sign-in account here. Where they sign in elsewhere, it is done there.`
  return new TollgateError('USER_NOT_FOUND', message)
}
