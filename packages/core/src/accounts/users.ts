import type { Context } from '../context.ts'
import { invalid, TollgateError } from '../errors.ts'
import { writeSubject } from './user-store.ts'

export interface UserInput {
  /** 1–255 characters, chosen by the sibling app. */
  userId: string
  email: string
  name?: string | undefined
}

const MAX_LENGTH = 255

/**
 * Makes or updates a billing subject that a sibling app named. A repeat changes nothing; a name that is left
 * out stays. FORBIDDEN on the id of a sign-in account, whose data only its owner changes; VALIDATION.
 */
export async function upsertUser(ctx: Context, input: UserInput): Promise<{ userId: string }> {
  const { userId, email, name } = input
  for (const [path, text] of Object.entries({ userId, email, name: name ?? '-' })) {
    if (text.length < 1 || text.length > MAX_LENGTH || text.includes('\0')) {
      throw invalid(path, `must have 1 to ${MAX_LENGTH} characters, none of them NUL`)
    }
  }
  if (!(await writeSubject(ctx, { userId, email, name }))) {
    throw new TollgateError('FORBIDDEN', 'This id belongs to a sign-in account.')
  }
  return { userId }
}
