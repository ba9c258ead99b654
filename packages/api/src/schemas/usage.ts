import { z } from 'zod'
import { compiled } from './compiled.ts'
import { isSmallJson } from './json.ts'
import {
  amount,
  givenInstant,
  idempotencyKey,
  instant,
  meter,
  period,
  userId,
} from './primitives.ts'

/** As `record`, `consume` or `reserve` returned it: an id and the user's id. */
export const usageId = z.string().min(1).max(1_500)

/** JSON. Zod's own type of it would visit all of a value that is far too large, and call itself for each level. */
export const metadata: z.ZodType<Record<string, unknown>, Record<string, unknown>> = z
  .record(z.string(), z.unknown())
  .refine(isSmallJson, 'must be JSON of at most 4 KiB, nested at most 32 deep')
  .meta({ description: 'At most 4 KiB' })

export const balance = z.object({
  meter,
  used: z.int(),
  reserved: z.int(),
  limit: z.int(),
  unlimited: z.boolean(),
  /** All that a consume would still allow; null: no end. */
  remaining: z.int().nullable(),
  /** What remains in live grants. */
  credits: z.int(),
  /** Units sold in the billing period, and the most that its cap pays for (null: no cap). Null: nothing is sold. */
  overage: z.object({ used: z.int(), cap: z.int().nullable() }).nullable(),
  periodStart: instant,
  /** When the next window begins; null: the meter never resets. */
  resetsAt: instant.nullable(),
})

/** What was used of a meter that the catalogue no longer has, in a month as YYYY-MM (UTC). */
export const formerUsage = z.object({ meter: z.string(), period, used: z.int() })

export const refusal = z.enum(['quota_exceeded', 'no_subscription', 'subscription_inactive'])

export const consumeInput = compiled(
  z.strictObject({
    userId,
    meter,
    amount,
    idempotencyKey,
    metadata: metadata.optional(),
  }),
)

export const recordInput = compiled(consumeInput.extend({ occurredAt: givenInstant.optional() }))

export const recorded = compiled(z.object({ usageId: z.string(), replayed: z.boolean(), balance }))

export const consumed = compiled(
  z.object({
    allowed: z.boolean(),
    reason: refusal.nullable(),
    message: z.string().nullable(),
    usageId: z.string().nullable(),
    replayed: z.boolean(),
    balance,
  }),
)

export const usageEvent = z.object({
  usageId: z.string(),
  userId: z.string(),
  /** May be a meter that the catalogue no longer has: its events stay. */
  meter: z.string(),
  amount: z.int(),
  occurredAt: instant,
  recordedAt: instant,
  idempotencyKey: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  overLimit: z.boolean(),
  reservationId: z.string().nullable(),
  voidedAt: instant.nullable(),
})
