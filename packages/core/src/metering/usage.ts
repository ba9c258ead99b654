import type { Balance, Refusal } from '../quota/index.ts'

/** One use of a meter, as a caller tells it. */
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
  /** True: this key was used before, and this is the answer given then. */
  replayed: boolean
  balance: Balance<M>
}

/** What a decision says when it lets nothing through. Nothing was counted, and the key is unused. */
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

/** A call on its way through the writer: checked, and placed in its month. */
export interface UsageCall {
  verb: 'record' | 'consume' | 'reserve'
  userId: string
  meter: string
  amount: number
  idempotencyKey: string
  occurredAt: Date
  occurredAtSent: boolean
  /** Dated too far back or ahead: nothing but the repeat of a call that was dated in time. */
  untimely: boolean
  period: string
  /** JSON with sorted keys; null where there is none. */
  metadata: string | null
  /** As sent with a reserve. */
  ttlSeconds: number | null
}

/** A balance as it is kept with what it answered; `limit` null: unlimited. */
export interface KeptBalance {
  used: number
  reserved: number
  limit: number | null
}

/** A row of the ledger with the answer given when it was written. */
export interface LedgerEntry extends UsageCall {
  id: string
  overLimit: boolean
  /** When a reservation ends by itself. */
  expiresAt: Date | null
  balance: KeptBalance
}
