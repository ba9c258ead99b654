import type pg from 'pg'
import { v7 as uuidV7 } from 'uuid'
import { appendAudit } from '../accounts/index.ts'
import type { Context } from '../context.ts'
import { isStorableInstant } from '../instant.ts'
import type { OutgoingEvent } from '../outgoing/index.ts'
import { appendEvents, onceKey } from '../outgoing/index.ts'
import type { PackChange } from './decide.ts'
import { packChanges } from './decide.ts'
import type { PackOrder } from './pack-order.ts'
import type { PackPayment } from './pack-payments.ts'
import { insertPaidGrant, lockPaidGrants, updatePaidGrant } from './pack-store.ts'

const DAY_MS = 86_400_000

/**
 * Makes a user's grants as their payments say, in the transaction of the sync, with a line of the audit log for each
 * change. Returns what changed, for the log. A repeat changes nothing.
 */
export async function writePackGrants(
  ctx: Context,
  tx: pg.ClientBase,
  { userId, payments, now }: { userId: string; payments: readonly PackPayment[]; now: Date },
): Promise<PackChange[]> {
  if (payments.length === 0) return []
  const grants = await lockPaidGrants(
    tx,
    payments.map(({ sessionId }) => sessionId),
  )
  const changed: PackChange[] = []
  const events: OutgoingEvent[] = []
  for (const change of packChanges(payments, grants)) {
    const id = uuidV7({ msecs: now.getTime() })
    if (!(await apply(tx, change, { id, userId, now }))) continue
    await audit(ctx, tx, { change, userId })
    changed.push(change)
    if (change.kind === 'grant') events.push(grantedEvent(change, { id, userId, now }))
  }
  await appendEvents(tx, events, now)
  return changed
}

async function apply(
  tx: pg.ClientBase,
  change: PackChange,
  { id, userId, now }: { id: string; userId: string; now: Date },
): Promise<boolean> {
  if (change.kind === 'grant') {
    const expiresAt = expiryOf(change.payment.order, now)
    return insertPaidGrant(tx, change, { id, userId, now, expiresAt })
  }
  await updatePaidGrant(tx, change, now)
  return true
}

/** What others are told of a grant. */
function grantedEvent(
  { payment }: Extract<PackChange, { kind: 'grant' }>,
  { id, userId, now }: { id: string; userId: string; now: Date },
): OutgoingEvent {
  const { meter, quantity } = payment.order
  const amount = payment.order.amount * quantity
  const effectiveAt = now.toISOString()
  const expiresAt = expiryOf(payment.order, now)?.toISOString() ?? null
  const of = { id, meter, amount, remaining: amount, source: 'pack' }
  const grant = { ...of, effectiveAt, expiresAt, reason: null }
  const once = onceKey('credits.granted', id)
  return { userId, type: 'credits.granted', data: { grant }, once }
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
