import { invalid, TollgateError } from '../../errors.ts'
import type { Count, Entitlement } from '../../quota/index.ts'
import { balanceOf, monthOf, refusalMessage, refusalOf } from '../../quota/index.ts'
import type { KeptBalance, LedgerEntry, Refused, UsageCall } from '../usage.ts'

/** A counter under its lock, with the right that holds for it now. Deciding changes its numbers. */
export interface OpenCounter extends Count {
  entitlement: Entitlement
}

export type Decision =
  /** Written by this call, or by an earlier one with the same key and payload. */
  | { kind: 'accepted'; entry: LedgerEntry; replayed: boolean }
  | { kind: 'refused'; answer: Refused }
  | { kind: 'failed'; error: TollgateError }

/** How long a reservation lasts unless its caller says. */
export const DEFAULT_TTL_SECONDS = 600

/**
 * Decides one call against its counter, as if it were alone. Pure but for the counter, which it moves on so
 * that the next call of the batch is decided after this one.
 */
export function decide(
  call: UsageCall,
  { counter, before, id }: { counter: OpenCounter; before: LedgerEntry | undefined; id: string },
): Decision {
  if (before) return repeat(call, before)
  const refusal = refusalOf(counter, counter.entitlement, call.amount)
  if (refusal && call.verb !== 'record') {
    const place = { meter: call.meter, month: monthOf(call.occurredAt) }
    const balance = balanceOf(place, counter, counter.entitlement)
    const message = refusalMessage(refusal, call.amount, balance)
    const answer = { allowed: false, reason: refusal, message, replayed: false, balance } as const
    return { kind: 'refused', answer }
  }
  if (!Number.isSafeInteger(counter.used + counter.reserved + call.amount)) {
    const error = invalid('amount', "would carry the month's total beyond the safe range")
    return { kind: 'failed', error }
  }
  if (call.verb === 'reserve') counter.reserved += call.amount
  else counter.used += call.amount
  const entry = {
    ...call,
    id,
    overLimit: refusal !== null,
    expiresAt: expiryOf(call),
    balance: keep(counter),
  }
  return { kind: 'accepted', entry, replayed: false }
}

/** The counter as it stands, in the form that is kept with an answer. */
export function keep({ used, reserved, entitlement }: OpenCounter): KeptBalance {
  return { used, reserved, limit: entitlement.unlimited ? null : entitlement.limit }
}

function expiryOf({ verb, occurredAt, ttlSeconds }: UsageCall): Date | null {
  if (verb !== 'reserve') return null
  return new Date(occurredAt.getTime() + (ttlSeconds ?? DEFAULT_TTL_SECONDS) * 1_000)
}

/** The same key again: the first answer where the payload is the same, an error where it is not. */
function repeat(call: UsageCall, before: LedgerEntry): Decision {
  const same =
    call.verb === before.verb &&
    call.meter === before.meter &&
    call.amount === before.amount &&
    call.metadata === before.metadata &&
    call.ttlSeconds === before.ttlSeconds &&
    call.occurredAtSent === before.occurredAtSent &&
    (!call.occurredAtSent || call.occurredAt.getTime() === before.occurredAt.getTime())
  if (same) return { kind: 'accepted', entry: before, replayed: true }
  const key = JSON.stringify(call.idempotencyKey)
  const message = `idempotencyKey: ${key} was used with another payload; a new use needs a new key`
  return { kind: 'failed', error: new TollgateError('IDEMPOTENCY_KEY_REUSED', message) }
}
