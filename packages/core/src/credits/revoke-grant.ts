import { validate as isUuid } from 'uuid'
import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { TollgateError } from '../errors.ts'
import { checkText } from '../text.ts'
import type { Grant } from './grant.ts'
import { revoke } from './grants-store.ts'

/**
 * Takes away what remains of a grant; what was used of it stays used, and what an open reservation holds may still be
 * settled. Who and why are in the audit log. Again: the same result, and nothing is written. Throws NOT_FOUND, VALIDATION.
 */
export async function revokeGrant(
  ctx: Context,
  input: { grantId: string; reason: string; actor: Actor },
): Promise<Grant> {
  const { grantId, actor } = input
  const reason = checkText('reason', input.reason)
  if (!isUuid(grantId)) throw grantNotFound(grantId)
  return inTransaction(ctx.db.pool, async (tx) => {
    const revoked = await revoke(tx, { id: grantId, reason, now: ctx.clock.now() })
    if (!revoked) throw grantNotFound(grantId)
    const { grant, userId, before } = revoked
    if (before === null) return grant
    const details = { grantId, meter: grant.meter, taken: before }
    await appendAudit(ctx, { actor, action: 'credits.revoke', userId, reason, details }, tx)
    return grant
  })
}

function grantNotFound(grantId: string): TollgateError {
  return new TollgateError('NOT_FOUND', `grantId: there is no ${JSON.stringify(grantId)}`)
}
