import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'

export interface UserInput {
  /** 1–255 characters, chosen by the sibling app. */
  userId: string
  email: string
  name?: string | undefined
}

/**
 * Makes or updates a billing subject that a sibling app named. A repeat changes nothing; a name that is left
 * out stays. FORBIDDEN on the id of a sign-in account, whose data only its owner changes.
 */
export async function upsertUser(_ctx: Context, _input: UserInput): Promise<{ userId: string }> {
  throw new TollgateError('INTERNAL', 'not yet')
}
