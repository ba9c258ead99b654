import type { AnyCatalog, MeterOf } from '../../catalog/index.ts'
import type { Balance } from '../../quota/index.ts'
import { balanceOf, NOTHING_BEYOND, refusalMessage, windowOfKey } from '../../quota/index.ts'
import type { Consumed, LedgerEntry, Recorded, Refused, Reserved, Snapshot } from '../usage.ts'
import { toUsageId } from '../usage.ts'
import type { Decision } from './decide.ts'

/** The decision on a `record`, which is never refused. Throws what it failed with. */
export function accepted(decision: Decision | undefined): Extract<Decision, { kind: 'accepted' }> {
  if (decision?.kind === 'failed') throw decision.error
  if (decision?.kind !== 'accepted') throw new Error('a record is never refused')
  return decision
}

/** The result of `record`. Throws what the decision failed with. */
export function toRecorded<M extends string>(decision: Decision | undefined): Recorded<M> {
  const { entry, replayed } = accepted(decision)
  return {
    usageId: toUsageId(entry.userId, entry.id),
    replayed,
    // The decision is on a call of this meter.
    balance: balanceAt(entry, entry.snapshot) as Balance<M>,
  }
}

/** The result of `consume`. Throws what the decision failed with. */
export function toConsumed<C extends AnyCatalog>(
  catalog: C,
  decision: Decision | undefined,
): Consumed<MeterOf<C>> {
  if (decision?.kind === 'refused') return { ...toRefused(catalog, decision), usageId: null }
  return { allowed: true, reason: null, message: null, ...toRecorded(decision) }
}

/** The result of `reserve`. Throws what the decision failed with. */
export function toReserved<C extends AnyCatalog>(
  catalog: C,
  decision: Decision | undefined,
): Reserved<MeterOf<C>> {
  if (decision?.kind === 'refused') {
    return { ...toRefused(catalog, decision), reservationId: null, expiresAt: null }
  }
  const { usageId, ...recorded } = toRecorded<MeterOf<C>>(decision)
  const expiresAt = decision?.kind === 'accepted' ? decision.entry.expiresAt : null
  if (!expiresAt) throw new Error('a reservation expires')
  return {
    allowed: true,
    reason: null,
    message: null,
    reservationId: usageId,
    expiresAt: expiresAt.toISOString(),
    ...recorded,
  }
}

function toRefused<C extends AnyCatalog>(
  catalog: C,
  { refusal: reason, amount, balance }: Extract<Decision, { kind: 'refused' }>,
): Refused<MeterOf<C>> {
  return {
    allowed: false,
    reason,
    message: refusalMessage(catalog, { reason, amount, balance }),
    replayed: false,
    balance,
  }
}

/** The balance of a snapshot, in the window that the entry counts in. */
export function balanceAt(
  { meter, period }: Pick<LedgerEntry, 'meter' | 'period'>,
  { used, reserved, limit, resetsAt, beyond }: Snapshot,
): Balance {
  const limitThen = { limit: limit ?? 0, unlimited: limit === null }
  const count = { used, reserved, credited: 0, sold: 0, beyond: NOTHING_BEYOND }
  const balance = balanceOf({ meter, window: windowOfKey(period, resetsAt) }, count, limitThen)
  return beyond === null ? balance : { ...balance, ...beyond }
}
