import type { Meter } from '../catalog/index.ts'
import type { Balance, Refusal } from '../quota/index.ts'

/** One use of a meter, as a caller tells it. */
export interface UsageInput {
  userId: string
  meter: Meter
  /** A positive safe integer. */
  amount: number
  /** 1–255 characters, unique for the user: the same key again is the same use. */
  idempotencyKey: string
  metadata?: Record<string, unknown> | undefined
}

export interface RecordInput extends UsageInput {
  /** When it happened: between 35 days ago and 5 minutes ahead. Now, where it is left out. */
  occurredAt?: Date | undefined
}

export interface Recorded {
  usageId: string
  /** True: this key was used before, and this is the answer given then. */
  replayed: boolean
  balance: Balance
}

export type Consumed =
  | (Recorded & { allowed: true; reason: null; message: null })
  | {
      allowed: false
      reason: Refusal
      message: string
      usageId: null
      replayed: false
      balance: Balance
    }

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
  reservationId: string | null
  voidedAt: string | null
}

/** A call on its way through the writer: checked, and placed in its month. */
export interface UsageCall {
  verb: 'record' | 'consume'
  userId: string
  meter: Meter
  amount: number
  idempotencyKey: string
  occurredAt: Date
  occurredAtSent: boolean
  period: string
  /** JSON with sorted keys; null where there is none. */
  metadata: string | null
}
