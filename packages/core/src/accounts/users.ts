import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { TollgateError } from '../errors.ts'
import { checkText, isStorableText } from '../text.ts'
import { appendAudit } from './audit.ts'
import type { AuditInput } from './audit-entry.ts'
import { readContact, readKind, writeSubject } from './user-store.ts'

export interface UserInput {
  /** 1–255 characters, chosen by the sibling app. */
  userId: string
  email: string
  name?: string | undefined
}

/**
 * Makes or updates a billing subject that a sibling app named. A repeat changes nothing; a name that is left
 * out stays as it was. Throws FORBIDDEN on the id of a sign-in account, whose data only its owner changes, and of somebody
 * who was erased; VALIDATION.
 */
export async function upsertUser(ctx: Context, input: UserInput): Promise<{ userId: string }> {
  const { userId, email, name } = input
  checkText('userId', userId)
  checkText('email', email)
  if (name !== undefined) checkText('name', name)
  if (!(await writeSubject(ctx.db.pool, { userId, email, name, now: ctx.clock.now() }))) {
    throw new TollgateError('FORBIDDEN', 'This id belongs to a sign-in account, or was erased.')
  }
  return { userId }
}

/** How to address a user, sign-in account or billing subject; null for an unknown one. Contact data: it identifies nobody. */
export async function findContact(
  ctx: Context,
  userId: string,
): Promise<{ email: string; name: string | null } | null> {
  return isStorableText(userId) ? readContact(ctx.db.pool, userId) : null
}

/** Whether somebody signs in under this id: then nobody else acts for them. */
export async function isSignInAccount(
  ctx: Context,
  { userId }: { userId: string },
): Promise<boolean> {
  return isStorableText(userId) && (await readKind(ctx.db.pool, userId)) === 'account'
}

/** Writes to the audit log that somebody changes something for another: `action` is the procedure. */
export function noteActingFor(
  ctx: Context,
  entry: Required<Pick<AuditInput, 'actor' | 'action' | 'userId'>>,
): Promise<void> {
  return inTransaction(ctx.db.pool, (tx) => appendAudit(ctx, entry, tx))
}
