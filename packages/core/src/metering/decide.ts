import type { Meter } from '../catalog/index.ts'
import { invalid, TollgateError } from '../errors.ts'
import type { Balance, Count, Entitlement, Window } from '../quota/index.ts'
import { balanceOf, monthOf, refusalMessage, refusalOf } from '../quota/index.ts'
import type { Consumed, Recorded, UsageCall } from './usage.ts'

/** A counter under its lock, with the right that holds for it now. Deciding changes `used`. */
export interface OpenCounter extends Count {
  entitlement: Entitlement
}

/** A row of the ledger, as far as a repeat of its key is compared with it. */
export interface LedgerEntry extends UsageCall {
  id: string
  overLimit: boolean
  balance: { used: number; reserved: number; limit: number | null }
}

export type Decision =
  | { kind: 'written'; entry: LedgerEntry; answer: Recorded | Consumed }
  | { kind: 'replayed'; answer: Recorded | Consumed }
  | { kind: 'refused'; answer: Consumed }
  | { kind: 'failed'; error: TollgateError }

/**
 * Decides one call against its counter, as if it were alone: what is answered and what is written. Pure but
 * for the counter, which it moves on so that the next call of the batch is decided after this one.
 */
export function decide(
  call: UsageCall,
  { counter, before, id }: { counter: OpenCounter; before: LedgerEntry | undefined; id: string },
): Decision {
  if (before) return repeat(call, before)
  const { entitlement } = counter
  const refusal = refusalOf(counter, entitlement, call.amount)
  if (call.verb === 'consume' && refusal) {
    const balance = balanceNow(call, counter)
    const message = refusalMessage(refusal, call.amount, balance)
    const refused = { allowed: false, reason: refusal, message, usageId: null } as const
    return { kind: 'refused', answer: { ...refused, replayed: false, balance } }
  }
  if (!Number.isSafeInteger(counter.used + call.amount)) {
    const error = invalid('amount', "would carry the month's total beyond the safe range")
    return { kind: 'failed', error }
  }
  counter.used += call.amount
  const entry = {
    ...call,
    id,
    overLimit: refusal !== null,
    balance: {
      used: counter.used,
      reserved: counter.reserved,
      limit: entitlement.unlimited ? null : entitlement.limit,
    },
  }
  return { kind: 'written', entry, answer: answerOf(entry, false) }
}

/** The same key again: the first answer where the payload is the same, an error where it is not. */
function repeat(call: UsageCall, before: LedgerEntry): Decision {
  const same =
    call.verb === before.verb &&
    call.meter === before.meter &&
    call.amount === before.amount &&
    call.metadata === before.metadata &&
    call.occurredAtSent === before.occurredAtSent &&
    (!call.occurredAtSent || call.occurredAt.getTime() === before.occurredAt.getTime())
  if (same) return { kind: 'replayed', answer: answerOf(before, true) }
  const error = new TollgateError(
    'IDEMPOTENCY_KEY_REUSED',
    `idempotencyKey: ${JSON.stringify(call.idempotencyKey)} was used with another payload; a new use needs a new key`,
  )
  return { kind: 'failed', error }
}

function answerOf(entry: LedgerEntry, replayed: boolean): Recorded | Consumed {
  const { used, reserved, limit } = entry.balance
  const limitThen = { limit: limit ?? 0, unlimited: limit === null }
  const balance = balanceOf(monthAndMeter(entry), { used, reserved }, limitThen)
  const recorded = { usageId: toUsageId(entry.userId, entry.id), replayed, balance }
  return entry.verb === 'record'
    ? recorded
    : { allowed: true, reason: null, message: null, ...recorded }
}

function balanceNow(call: UsageCall, counter: OpenCounter): Balance {
  return balanceOf(monthAndMeter(call), counter, counter.entitlement)
}

function monthAndMeter({ meter, occurredAt }: UsageCall): { meter: Meter; month: Window } {
  return { meter, month: monthOf(occurredAt) }
}

/** Names the user too, so that a usage is found through the ledger's own index, which begins with the user. */
export function toUsageId(userId: string, id: string): string {
  return `${id}.${Buffer.from(userId).toString('base64url')}`
}
