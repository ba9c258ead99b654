import {
  INSTANT_RULE,
  isStorableInstant,
  isStorableText,
  MAX_TEXT_LENGTH,
  TEXT_RULE,
} from '@tollgate/core'
import { z } from 'zod'
import type { FeatureName, MeterName, PackName, PlanName } from './names.ts'

/** The names of these in the OpenAPI document, which lists the ids of the running server's catalogue. */
export const METER_COMPONENT = 'Meter'
export const PLAN_COMPONENT = 'PlanId'
export const PACK_COMPONENT = 'PackId'

export const meter: z.ZodType<MeterName, MeterName> = z.string().meta({ id: METER_COMPONENT })
export const plan: z.ZodType<PlanName, PlanName> = z.string().meta({ id: PLAN_COMPONENT })
export const pack: z.ZodType<PackName, PackName> = z.string().meta({ id: PACK_COMPONENT })

export const feature: z.ZodType<FeatureName, FeatureName> = z.string()
/** True or false, or a whole number where the catalogue says so. */
export const featureValue = z.union([z.boolean(), z.int().min(0)])

/** How often a plan is paid. */
export const interval = z.enum(['month', 'year'])

/** ISO 4217 in lower case, as Stripe writes it. */
export const currency = z.string().regex(/^[a-z]{3}$/, 'must be three small letters, such as usd')

/** ISO 8601, UTC. */
export const instant = z.iso.datetime()
/** An instant that a caller names: one that can be stored and shown. */
export const givenInstant = instant.refine(
  (text) => isStorableInstant(new Date(text)),
  INSTANT_RULE,
)
/** YYYY-MM-DD, UTC. */
export const date = z.iso.date()
export const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month as YYYY-MM')

/** The rules are core's, so that both refuse the same texts. */
const storable = () => z.string().max(MAX_TEXT_LENGTH).refine(isStorableText, TEXT_RULE)
const text = () => storable().min(1)
export const userId = text()
export const idempotencyKey = text()
export const shortText = text()
/** Empty: as if it were left out. */
export const search = storable()
export const amount = z.int().min(1)

/** Room for the longest e-mail address and user id. */
export const cursor = z.string().max(4_000)
export const limit = z.int().min(1).max(100)
/** Lists go one way only. tRPC's infinite queries always send `direction`. */
const direction = z.literal('forward')
export const paging = {
  cursor: cursor.optional(),
  limit: limit.optional(),
  direction: direction.optional(),
}

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}
