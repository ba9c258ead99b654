import { z } from 'zod'
import { instant, meter, shortText } from './primitives.ts'

/** Credits of a user for a meter. */
export const grant = z.object({
  id: z.string(),
  meter,
  amount: z.int(),
  /** What may still be used of it. */
  remaining: z.int(),
  source: z.enum(['pack', 'admin']),
  effectiveAt: instant,
  expiresAt: instant.nullable(),
  reason: shortText.nullable(),
})
