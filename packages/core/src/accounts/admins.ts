import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { Actor } from './actor.ts'

/**
 * Makes the sign-in account of an e-mail address an admin; a repeat changes nothing. The operator's command:
 * nothing that a caller sends over HTTP reaches it. Throws USER_NOT_FOUND.
 */
export async function grantAdmin(
  _ctx: Context,
  _input: { email: string; grantedBy?: Actor },
): Promise<{ userId: string }> {
  throw new TollgateError('INTERNAL', 'not yet')
}
