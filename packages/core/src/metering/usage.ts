import { validate as isUuid } from 'uuid'
import type { Resets } from '../catalog/index.ts'
import { TollgateError } from '../errors.ts'
import type { Balance, Refusal, Window } from '../quota/index.ts'
import { isStorableText } from '../text.ts'
import type { Parts } from './writer/parts.ts'

/** One use of a meter, as a caller gives it. */
export interface UsageInput<M extends string = string> {
  userId: string
  meter: M
  /** A positive safe integer. */
  amount: number
  /** 1–255 characters, unique for the user: the same key again is the same use. */
  idempotencyKey: string
  metadata?: Record<string, unknown> | undefined
}

export interface RecordInput<M extends string = string> extends UsageInput<M> {
  /** When it happened: between 35 days ago and 5 minutes ahead. Now, where it is left out. */
  occurredAt?: Date | undefined
}

export interface ReserveInput<M extends string = string> extends UsageInput<M> {
  /** How long the amount stays reserved when nobody settles or releases it: 1–86 400, 600 unless given. */
  ttlSeconds?: number | undefined
}

export interface Recorded<M extends string = string> {
  usageId: string
  /** True: this key was used before, and this is the result given then. */
  replayed: boolean
  balance: Balance<M>
}

/** The use is refused. Nothing was counted, and the key is unused. */
export interface Refused<M extends string = string> {
  allowed: false
  reason: Refusal
  message: string
  replayed: false
  balance: Balance<M>
}

interface Allowed<M extends string> {
  allowed: true
  reason: null
  message: null
  replayed: boolean
  balance: Balance<M>
}

export type Consumed<M extends string = string> =
  | (Allowed<M> & { usageId: string })
  | (Refused<M> & { usageId: null })

export type Reserved<M extends string = string> =
  | (Allowed<M> & { reservationId: string; expiresAt: string })
  | (Refused<M> & { reservationId: null; expiresAt: null })

export interface UsageEvent {
  usageId: string
  userId: string
  meter: string
  amount: number
  occurredAt: string
  recordedAt: string
  idempotencyKey: string
  metadata: Record<string, unknown>
  overLimit: boolean
  /** The reservation that was settled to this; the two share their id. */
  reservationId: string | null
  voidedAt: string | null
}

/** A use as the writer takes it: checked, and placed in its window where the clock alone says that. */
export type CheckedCall = UsageCall | UnplacedCall

/** A use whose window depends on its user: see `placeCalls`. */
export interface UnplacedCall extends Omit<UsageCall, 'window' | 'period'> {
  window: null
  resets: Resets
}

/** A use that is checked, and placed in its window. */
export interface UsageCall {
  verb: 'record' | 'consume' | 'reserve'
  userId: string
  meter: string
  amount: number
  idempotencyKey: string
  occurredAt: Date
  /** Whether the caller gave `occurredAt`. */
  occurredAtSent: boolean
  /** `occurredAt` is too far back or ahead: accepted only as the repeat of a call that was in range. */
  outOfRange: boolean
  /** The window that it counts in, and its key. */
  window: Window
  period: string
  /** JSON with sorted keys; null where there is none. */
  metadata: string | null
  /** As sent with a reserve. */
  ttlSeconds: number | null
}

/** A counter at an instant, stored with the result that was given then; `limit` null: unlimited. */
export interface Snapshot {
  used: number
  reserved: number
  limit: number | null
  /** Where its window ended, if the window's key does not say it: that of a `billing` window may be cut later. */
  resetsAt: Date | null
  /** Null: nothing but the allowance, of which all was taken. */
  beyond: Pick<Balance, 'credits' | 'overage' | 'remaining'> | null
}

/** A use that was accepted: what is written to the ledger, and read from it when its key comes again. */
export interface LedgerEntry extends Omit<UsageCall, 'outOfRange' | 'window'> {
  id: string
  overLimit: boolean
  /** When a reservation ends by itself. */
  expiresAt: Date | null
  /** Where the amount was taken from; of a reservation, what it holds. */
  parts: Parts
  snapshot: Snapshot
}

/** The public id of a ledger row. It names the user too: the ledger's index begins with the user. */
export function toUsageId(userId: string, id: string): string {
  return `${id}.${Buffer.from(userId).toString('base64url')}`
}

/** The parts of a usage id. Throws NOT_FOUND for anything that `toUsageId` did not make. */
export function parseUsageId(field: string, usageId: string): { userId: string; id: string } {
  const [id = '', user = '', ...rest] = usageId.split('.')
  const userId = Buffer.from(user, 'base64url').toString()
  const isOurs = rest.length === 0 && isUuid(id) && toUsageId(userId, id) === usageId
  if (!isOurs || !isStorableText(userId)) {
    throw notFound(field, usageId)
  }
  return { userId, id }
}

/** NOT_FOUND, for an id of no usage. `field` is what the input calls it. */
export function notFound(field: string, usageId: string): TollgateError {
  return new TollgateError('NOT_FOUND', `${field}: there is no ${JSON.stringify(usageId)}`)
}
