import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import type { Balance } from '../quota/index.ts'
import { balanceOf, monthOf, refusalMessage } from '../quota/index.ts'
import { toUsageId } from './ledger/usage-id.ts'
import type { Consumed, KeptBalance, LedgerEntry, Recorded, Refused, Reserved } from './usage.ts'
import type { Decision } from './writer/decide.ts'

/** What a caller of `record` is told. Throws what the decision failed with. */
export function toRecorded<M extends string>(decision: Decision | undefined): Recorded<M> {
  if (decision?.kind === 'failed') throw decision.error
  if (decision?.kind !== 'accepted') throw new Error('a record is never refused')
  const { entry, replayed } = decision
  return {
    usageId: toUsageId(entry.userId, entry.id),
    replayed,
    // The decision is on a call of this meter.
    balance: restore(entry, entry.balance) as Balance<M>,
  }
}

/** What a caller of `consume` is told. Throws what the decision failed with. */
export function toConsumed<C extends AnyCatalog>(
  catalog: C,
  decision: Decision | undefined,
): Consumed<MeterOf<C>> {
  if (decision?.kind === 'refused') return { ...toRefused(catalog, decision), usageId: null }
  return { allowed: true, reason: null, message: null, ...toRecorded(decision) }
}

/** What a caller of `reserve` is told. Throws what the decision failed with. */
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

/** A kept balance as it was answered, in the month that the entry counts in. */
export function restore(
  { meter, occurredAt }: Pick<LedgerEntry, 'occurredAt'> & { meter: string },
  { used, reserved, limit }: KeptBalance,
): Balance {
  const limitThen = { limit: limit ?? 0, unlimited: limit === null }
  return balanceOf({ meter, month: monthOf(occurredAt) }, { used, reserved }, limitThen)
}
