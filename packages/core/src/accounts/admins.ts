import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { TollgateError } from '../errors.ts'
import { appendAudit } from './audit.ts'
import { writeAdmin } from './user-store.ts'

/**
 * Makes the sign-in account of an e-mail address an admin; a repeat changes nothing. The operator's command:
 * nothing that a caller sends over HTTP reaches it. Throws USER_NOT_FOUND.
 */
export async function grantAdmin(
  ctx: Context,
  { email, grantedBy = OPERATOR }: { email: string; grantedBy?: Actor },
): Promise<{ userId: string }> {
  return inTransaction(ctx.db.pool, async (tx) => {
    const granted = await writeAdmin(tx, email)
    if (!granted) {
      throw new TollgateError('USER_NOT_FOUND', `Nobody signs in as ${JSON.stringify(email)}.`)
    }
    const { userId, before } = granted
    if (!before) {
      await appendAudit(ctx, { actor: grantedBy, action: 'admin.grant', userId }, tx)
    }
    return { userId }
  })
}

const OPERATOR: Actor = { kind: 'command', id: 'admin grant' }
