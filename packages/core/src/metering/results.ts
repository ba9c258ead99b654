import type { Meter } from '../catalog/index.ts'
import type { Balance } from '../quota/index.ts'
import { balanceOf, monthOf } from '../quota/index.ts'
import { toUsageId } from './ledger/usage-id.ts'
import type { Consumed, KeptBalance, LedgerEntry, Recorded, Reserved } from './usage.ts'
import type { Decision } from './writer/decide.ts'

/** What a caller of `record` is told. Throws what the decision failed with. */
export function toRecorded(decision: Decision | undefined): Recorded {
  if (decision?.kind === 'failed') throw decision.error
  if (decision?.kind !== 'accepted') throw new Error('a record is never refused')
  const { entry, replayed } = decision
  return {
    usageId: toUsageId(entry.userId, entry.id),
    replayed,
    balance: restore(entry, entry.balance),
  }
}

/** What a caller of `consume` is told. Throws what the decision failed with. */
export function toConsumed(decision: Decision | undefined): Consumed {
  if (decision?.kind === 'refused') return { ...decision.answer, usageId: null }
  return { allowed: true, reason: null, message: null, ...toRecorded(decision) }
}

/** What a caller of `reserve` is told. Throws what the decision failed with. */
export function toReserved(decision: Decision | undefined): Reserved {
  if (decision?.kind === 'refused') {
    return { ...decision.answer, reservationId: null, expiresAt: null }
  }
  const { usageId, ...recorded } = toRecorded(decision)
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

/** A kept balance as it was answered, in the month that the entry counts in. */
export function restore(
  { meter, occurredAt }: Pick<LedgerEntry, 'occurredAt'> & { meter: Meter },
  { used, reserved, limit }: KeptBalance,
): Balance {
  const limitThen = { limit: limit ?? 0, unlimited: limit === null }
  return balanceOf({ meter, month: monthOf(occurredAt) }, { used, reserved }, limitThen)
}
