import { grantAdmin } from '@tollgate/core'
import type { Answer, CommandContext } from './command.ts'

/** Makes the account that signs in with this e-mail address an admin. A repeat changes nothing. */
export async function adminGrant({ core }: CommandContext, email: string): Promise<Answer> {
  const granted = await grantAdmin(core, { email })
  return { json: granted, lines: [`${email} is an admin (${granted.userId})`] }
}
