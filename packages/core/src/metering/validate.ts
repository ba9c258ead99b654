import type { AnyCatalog } from '../catalog/index.ts'
import { checkMeter } from '../catalog/index.ts'
import { invalid } from '../errors.ts'
import { monthOf } from '../quota/index.ts'
import type { RecordInput, ReserveInput, UsageCall, UsageInput } from './usage.ts'

/** How far back and ahead a use may be dated; the same as Stripe's meters (stripe facts, 14). */
const MAX_AGE_MS = 35 * 86_400_000
const MAX_AHEAD_MS = 5 * 60_000
const MAX_KEY_LENGTH = 255
const MAX_METADATA_BYTES = 4_096

/**
 * Checks an input and places it in its month. Throws VALIDATION or UNKNOWN_METER naming the field; whatever
 * passes is accepted by PostgreSQL too, so that one caller's item can't fail the batch that it travels in. A date out
 * of range is for the decision to refuse, which knows whether the call is a repeat.
 */
export function toCall(
  verb: UsageCall['verb'],
  input: RecordInput & ReserveInput,
  { catalog, now }: { catalog: AnyCatalog; now: Date },
): UsageCall {
  checkMeter(catalog, input.meter)
  const occurredAt = input.occurredAt ?? now
  const untimely = isUntimely(occurredAt, now)
  return {
    verb,
    userId: checkText('userId', input.userId),
    meter: input.meter,
    amount: checkAmount(input.amount),
    idempotencyKey: checkText('idempotencyKey', input.idempotencyKey),
    occurredAt,
    occurredAtSent: input.occurredAt !== undefined,
    untimely,
    // It counts nothing: any month does, and that of an instant far away may have no name.
    period: monthOf(untimely ? now : occurredAt).period,
    metadata: checkMetadata(input.metadata),
    ttlSeconds: input.ttlSeconds ?? null,
  }
}

export function checkAmount(amount: number): number {
  if (Number.isSafeInteger(amount) && amount >= 1) return amount
  throw invalid('amount', 'must be a positive whole number within the safe range')
}

export function checkText(path: string, text: string): string {
  if (text.length < 1 || text.length > MAX_KEY_LENGTH) {
    throw invalid(path, `must have 1 to ${MAX_KEY_LENGTH} characters`)
  }
  if (!isStorable(text)) throw invalid(path, 'must be well-formed text without NUL characters')
  return text
}

function isUntimely(occurredAt: Date, now: Date): boolean {
  const ageMs = now.getTime() - occurredAt.getTime()
  return !(ageMs <= MAX_AGE_MS && ageMs >= -MAX_AHEAD_MS)
}

export function checkMetadata(metadata: UsageInput['metadata']): string | null {
  if (metadata === undefined) return null
  const json = canonicalJson(metadata)
  if (json === '{}') return null
  if (Buffer.byteLength(json) > MAX_METADATA_BYTES) {
    throw invalid('metadata', `must take at most ${MAX_METADATA_BYTES} bytes as JSON`)
  }
  // Checked as written in JSON: there a NUL or half a surrogate pair stands escaped.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i.test(json)) {
    throw invalid('metadata', 'must be well-formed text without NUL characters')
  }
  return json
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text)
}

/** JSON with sorted keys, so that equal payloads compare equal whatever order their keys came in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
