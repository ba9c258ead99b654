import { z } from 'zod'
import { interval, meter, pack, plan } from './primitives.ts'

/** Amounts in the minor unit of their currency. */
export const catalogView = z.object({
  defaultCurrency: z.string(),
  meters: z.array(
    z.object({
      id: meter,
      name: z.string(),
      unit: z.tuple([z.string(), z.string()]),
      resets: z.enum(['month', 'billing', 'day', 'hour', 'never']),
    }),
  ),
  features: z.array(
    z.object({ id: z.string(), name: z.string(), type: z.enum(['boolean', 'number']) }),
  ),
  plans: z.array(
    z.object({
      id: plan,
      name: z.string(),
      description: z.string(),
      trialDays: z.int(),
      free: z.boolean(),
      retired: z.boolean(),
      prices: z.array(z.object({ interval, currency: z.string(), unitAmount: z.int() })),
      limits: z.array(z.object({ meter, limit: z.int(), unlimited: z.boolean() })),
      features: z.array(
        z.object({ feature: z.string(), value: z.union([z.boolean(), z.number()]) }),
      ),
    }),
  ),
  packs: z.array(
    z.object({
      id: pack,
      name: z.string(),
      meter,
      amount: z.int(),
      expiresAfterDays: z.int().nullable(),
      prices: z.array(z.object({ currency: z.string(), unitAmount: z.int() })),
    }),
  ),
})
