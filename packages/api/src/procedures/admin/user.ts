import { getUser } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { account } from '../../schemas/admin.ts'
import {
  featureLine,
  invoice,
  quota,
  subscription,
  subscriptionLine,
} from '../../schemas/billing.ts'
import { instant, userId } from '../../schemas/primitives.ts'
import { balance, formerUsage, usageEvent } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** Everything about one customer. */
export const userProcedure = procedure
  .input(z.strictObject({ userId }))
  .output(
    z.object({
      userId: z.string(),
      kind: z.string(),
      email: z.string(),
      name: z.string().nullable(),
      stripeCustomerId: z.string().nullable(),
      createdAt: instant,
      erasedAt: instant.nullable(),
      account: account.nullable(),
      subscription: subscription.nullable(),
      subscriptions: z.array(subscriptionLine),
      warnings: z.array(
        z.enum([
          'several_subscriptions',
          'unknown_price',
          'collection_paused',
          'dispute_open',
          'dispute_lost',
          'uncollectible',
        ]),
      ),
      quota: z.array(quota),
      features: z.array(featureLine),
      usage: z.array(balance),
      formerUsage: z.array(formerUsage),
      invoices: z.array(invoice),
      events: z.array(usageEvent),
    }),
  )
  .query(({ ctx, input }) => getUser(coreOf(ctx), input))
