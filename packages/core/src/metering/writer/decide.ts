import { invalid, TollgateError } from '../../errors.ts'
import type { Balance, Count, Entitlement, Refusal, Window } from '../../quota/index.ts'
import { balanceOf, dayOf, kindOfKey, refusalOf } from '../../quota/index.ts'
import type { CounterChange, CounterKey } from '../ledger/counter-store.ts'
import type { KnownEntry } from '../ledger/ledger-store.ts'
import type { LedgerEntry, Snapshot, UsageCall } from '../usage.ts'

/** A counter under its lock, with the entitlement that holds now. A decision adds to it. */
export interface OpenCounter extends Count {
  key: CounterKey
  entitlement: Entitlement
  /** What was decided so far adds to it, one for each day of the window. */
  changes: CounterChange[]
}

export type Decision =
  /**
   * Written by this call, or by an earlier one with the same key and payload (`replayed`). `reopened`: it opens a
   * reservation again that was released or has expired.
   */
  | { kind: 'accepted'; entry: LedgerEntry; replayed: boolean; reopened: boolean }
  | { kind: 'refused'; refusal: Refusal; amount: number; balance: Balance }
  | { kind: 'failed'; error: TollgateError }

/** How long a reservation lasts unless its caller says. */
export const DEFAULT_TTL_SECONDS = 600

/**
 * Decides one call against its counter, as if it were alone. Pure but for the counter, which it adds to, so that the
 * next call of the batch is decided after this one.
 */
export function decide(
  call: UsageCall,
  { counter, before, id }: { counter: OpenCounter; before: KnownEntry | undefined; id: string },
): Decision {
  const repeated = before && repeat(call, before)
  if (repeated && !(repeated.kind === 'accepted' && before.isClosed)) return repeated
  if (call.outOfRange) return { kind: 'failed', error: outOfRange() }
  const refusal = refusalOf(counter, counter.entitlement, call.amount)
  if (refusal && call.verb !== 'record') {
    const balance = balanceOf(call, counter, counter.entitlement)
    return { kind: 'refused', refusal, amount: call.amount, balance }
  }
  if (!Number.isSafeInteger(counter.used + counter.reserved + call.amount)) {
    const error = invalid('amount', "would carry the window's total beyond the safe range")
    return { kind: 'failed', error }
  }
  const expiresAt = expiryOf(call)
  count(counter, call, expiresAt)
  return {
    kind: 'accepted',
    entry: toEntry(call, {
      id: before?.id ?? id,
      expiresAt,
      overLimit: refusal !== null,
      snapshot: snapshotOf(counter, call.window),
    }),
    replayed: false,
    reopened: before !== undefined,
  }
}

function outOfRange(): TollgateError {
  return invalid('occurredAt', 'must be within the last 35 days, and at most 5 minutes ahead')
}

/** Field by field: spreading `call` costs more than all the rest of a decision. */
function toEntry(
  call: UsageCall,
  { id, expiresAt, overLimit, snapshot }: Omit<LedgerEntry, keyof UsageCall>,
): LedgerEntry {
  return {
    verb: call.verb,
    userId: call.userId,
    meter: call.meter,
    amount: call.amount,
    idempotencyKey: call.idempotencyKey,
    occurredAt: call.occurredAt,
    occurredAtSent: call.occurredAtSent,
    period: call.period,
    metadata: call.metadata,
    ttlSeconds: call.ttlSeconds,
    id,
    expiresAt,
    overLimit,
    snapshot,
  }
}

function count(
  counter: OpenCounter,
  { verb, amount, occurredAt }: UsageCall,
  expiresAt: Date | null,
): void {
  const change = changeOn(dayOf(counter.key.period, occurredAt), counter)
  if (verb !== 'reserve') {
    counter.used += amount
    change.amount += amount
    change.events += 1
    return
  }
  counter.reserved += amount
  change.reserved += amount
  if (!change.expiresAt || (expiresAt && expiresAt < change.expiresAt)) change.expiresAt = expiresAt
}

function changeOn(day: number, { key, changes }: OpenCounter): CounterChange {
  const found = changes.find((change) => change.day === day)
  if (found) return found
  const { userId, meter, period } = key
  const change = { userId, meter, period, day, amount: 0, events: 0, reserved: 0, expiresAt: null }
  changes.push(change)
  return change
}

/** The counter as it stands now. */
export function snapshotOf(
  { used, reserved, entitlement }: OpenCounter,
  { period, end }: Window,
): Snapshot {
  const limit = entitlement.unlimited ? null : entitlement.limit
  return { used, reserved, limit, resetsAt: kindOfKey(period) === 'billing' ? end : null }
}

function expiryOf({ verb, occurredAt, ttlSeconds }: UsageCall): Date | null {
  if (verb !== 'reserve') return null
  return new Date(occurredAt.getTime() + (ttlSeconds ?? DEFAULT_TTL_SECONDS) * 1_000)
}

/** The same key again: the first result where the payload is the same, an error where it is not. */
function repeat(call: UsageCall, before: LedgerEntry): Decision {
  const same =
    call.verb === before.verb &&
    call.meter === before.meter &&
    call.amount === before.amount &&
    call.metadata === before.metadata &&
    call.ttlSeconds === before.ttlSeconds &&
    call.occurredAtSent === before.occurredAtSent &&
    (!call.occurredAtSent || call.occurredAt.getTime() === before.occurredAt.getTime())
  if (same) return { kind: 'accepted', entry: before, replayed: true, reopened: false }
  const key = JSON.stringify(call.idempotencyKey)
  const message = `idempotencyKey: ${key} was used with another payload; a new use needs a new key`
  return { kind: 'failed', error: new TollgateError('IDEMPOTENCY_KEY_REUSED', message) }
}
