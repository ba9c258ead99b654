import type { AnyCatalog } from '../../catalog/index.ts'
import { checkMeter, meterOf } from '../../catalog/index.ts'
import { invalid } from '../../errors.ts'
import { clockWindow } from '../../quota/index.ts'
import { checkText, TEXT_RULE } from '../../text.ts'
import type { CheckedCall, RecordInput, ReserveInput, UsageInput } from '../usage.ts'

/** How far back and ahead a use may be dated; the same as Stripe's meters (docs/stripe.md, fact 14). */
const MAX_AGE_MS = 35 * 86_400_000
const MAX_AHEAD_MS = 5 * 60_000
const MAX_METADATA_BYTES = 4_096

/**
 * Checks an input and places it in its window, where the clock alone says that. Throws VALIDATION or UNKNOWN_METER naming the field; whatever
 * passes is accepted by PostgreSQL too, so that one caller's item can't fail the batch it is in. A date out of range is
 * refused by the decision, which knows whether the call is a repeat.
 */
export function toCall(
  verb: CheckedCall['verb'],
  input: RecordInput & ReserveInput,
  { catalog, now }: { catalog: AnyCatalog; now: Date },
): CheckedCall {
  checkMeter(catalog, input.meter)
  const { resets } = meterOf(catalog, input.meter)
  const occurredAt = input.occurredAt ?? now
  const outOfRange = isOutOfRange(occurredAt, now)
  // Out of range it counts nothing, so any window will do: a far instant may have none.
  const window = clockWindow(resets, outOfRange ? now : occurredAt)
  const call = {
    verb,
    userId: checkText('userId', input.userId),
    meter: input.meter,
    amount: checkAmount(input.amount),
    idempotencyKey: checkText('idempotencyKey', input.idempotencyKey),
    occurredAt,
    occurredAtSent: input.occurredAt !== undefined,
    outOfRange,
    metadata: checkMetadata(input.metadata),
    ttlSeconds: input.ttlSeconds ?? null,
  }
  return window ? { ...call, window, period: window.period } : { ...call, window, resets }
}

/** The amount back, when it can be counted. Throws VALIDATION. */
export function checkAmount(amount: number): number {
  if (Number.isSafeInteger(amount) && amount >= 1) return amount
  throw invalid('amount', 'must be a positive whole number within the safe range')
}

/** Throws VALIDATION for an input that has a date: a decision is about now. */
export function decidedNow<T extends UsageInput>(input: T): T {
  if ('occurredAt' in input && input.occurredAt !== undefined) {
    throw invalid('occurredAt', 'must be left out: this decides for now; use record for the past')
  }
  return input
}

function isOutOfRange(occurredAt: Date, now: Date): boolean {
  const ageMs = now.getTime() - occurredAt.getTime()
  return !(ageMs <= MAX_AGE_MS && ageMs >= -MAX_AHEAD_MS)
}

/** Metadata as JSON with sorted keys; null where there is none. Throws VALIDATION. */
export function checkMetadata(metadata: UsageInput['metadata']): string | null {
  if (metadata === undefined) return null
  const json = canonicalJson(metadata)
  if (json === '{}') return null
  if (Buffer.byteLength(json) > MAX_METADATA_BYTES) {
    throw invalid('metadata', `must take at most ${MAX_METADATA_BYTES} bytes as JSON`)
  }
  // Checked in the JSON text, where a NUL or half a surrogate pair is an escape sequence.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i.test(json)) {
    throw invalid('metadata', TEXT_RULE)
  }
  return json
}

/** JSON with sorted keys, so that equal payloads compare equal whatever order their keys came in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
