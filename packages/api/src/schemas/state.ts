import { z } from 'zod'
import { features, subscription } from './billing.ts'
import { grant } from './credits.ts'
import { instant, meter, plan } from './primitives.ts'
import { balance } from './usage.ts'

export const state = z.object({
  subscription: subscription.nullable(),
  /** What the user has now: of a subscription that gives quota, else the free plan. Null: none. */
  plan: plan.nullable(),
  features,
  /** Each in its window of now. */
  meters: z.array(balance),
  grants: z.array(grant),
  /** Shares of a limit that were reached in the window of now. */
  alerts: z.array(z.object({ meter, threshold: z.number(), at: instant, periodStart: instant })),
})
