import type pg from 'pg'
import { v7 as uuidV7 } from 'uuid'
import { appendAudit } from '../accounts/index.ts'
import type { Context } from '../context.ts'
import type { Grant } from '../credits/index.ts'
import { isStorableInstant } from '../instant.ts'
import type { OutgoingEvent } from '../outgoing/index.ts'
import { onceKey } from '../outgoing/index.ts'
import type { PackChange } from './decide.ts'
import { packChanges } from './decide.ts'
import type { PackOrder } from './pack-order.ts'
import type { PackPayment } from './pack-payments.ts'
import { insertPaidGrant, lockPaidGrants, updatePaidGrant } from './pack-store.ts'

const DAY_MS = 86_400_000

/**
 * Makes a user's grants as their payments say, in the transaction of the sync, with a line of the audit log for each
 * change. Returns what changed, for the log, and an event for each new grant, to be written when the transaction has locked
 * all else. A repeat changes nothing.
 */
export async function writePackGrants(
  ctx: Context,
  tx: pg.ClientBase,
  { userId, payments, now }: { userId: string; payments: readonly PackPayment[]; now: Date },
): Promise<{ changes: PackChange[]; events: OutgoingEvent[] }> {
  const changes: PackChange[] = []
  const events: OutgoingEvent[] = []
  if (payments.length === 0) return { changes, events }
  const grants = await lockPaidGrants(
    tx,
    payments.map(({ sessionId }) => sessionId),
  )
  for (const change of packChanges(payments, grants)) {
    if (change.kind === 'update') await updatePaidGrant(tx, change, now)
    else {
      const grant = await give(tx, change, { userId, now })
      if (grant === null) continue
      const once = onceKey('credits.granted', grant.id)
      events.push({ userId, type: 'credits.granted', data: { grant }, once })
    }
    await audit(ctx, tx, { change, userId })
    changes.push(change)
  }
  return { changes, events }
}

/** Null where the session has its grant already. */
async function give(
  tx: pg.ClientBase,
  change: Extract<PackChange, { kind: 'grant' }>,
  { userId, now }: { userId: string; now: Date },
): Promise<Grant | null> {
  const { order } = change.payment
  const id = uuidV7()
  const expiresAt = expiryOf(order, now)
  if (!(await insertPaidGrant(tx, change, { id, userId, now, expiresAt }))) return null
  const amount = order.amount * order.quantity
  return {
    id,
    meter: order.meter,
    amount,
    remaining: amount,
    source: 'pack',
    effectiveAt: now.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    reason: null,
  }
}

/** Counted from when it is granted. Null: it never expires, nor does what would expire beyond all dates. */
function expiryOf({ expiresAfterDays }: PackOrder, now: Date): Date | null {
  if (expiresAfterDays === null) return null
  const expiresAt = new Date(now.getTime() + expiresAfterDays * DAY_MS)
  return isStorableInstant(expiresAt) ? expiresAt : null
}

async function audit(
  ctx: Context,
  tx: pg.ClientBase,
  { change, userId }: { change: PackChange; userId: string },
): Promise<void> {
  const { sessionId, order, amountRefunded, disputes } = change.payment
  const { pack, meter, amount, quantity } = order
  const details = { pack, meter, amount: amount * quantity, amountRefunded, disputes }
  await appendAudit(
    ctx,
    { actor: { kind: 'stripe', id: sessionId }, action: actionOf(change), userId, details },
    tx,
  )
}

/** What happened to the credits, in the words of the audit log. */
export function actionOf(change: PackChange): string {
  if (change.kind === 'grant') return 'credits.grant'
  const { before, after } = change
  if (after.isTakenBack && !before.isTakenBack) return 'credits.takeBack'
  if (before.isTakenBack && !after.isTakenBack) return 'credits.restore'
  if (after.isFrozen && !before.isFrozen) return 'credits.freeze'
  if (before.isFrozen && !after.isFrozen) return 'credits.unfreeze'
  return after.amountRefunded === before.amountRefunded ? 'credits.dispute' : 'credits.refund'
}
