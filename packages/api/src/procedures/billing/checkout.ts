import { createCheckout } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { checkReturnUrl } from '../../return-url.ts'
import { currency, interval, plan } from '../../schemas/primitives.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** Opens Stripe's checkout for a plan, or the session that is open already. Throws ALREADY_SUBSCRIBED. */
export const checkoutProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/checkout',
      summary: "Open Stripe's checkout for a plan",
    },
  })
  .input(
    subject.extend({
      plan,
      interval: interval.optional(),
      currency: currency.optional(),
      successUrl: z.url().optional(),
      cancelUrl: z.url().optional(),
    }),
  )
  .output(z.object({ sessionId: z.string(), url: z.string() }))
  .mutation(({ ctx, input }) => {
    const { successUrl, cancelUrl } = input
    checkReturnUrl(ctx, 'successUrl', successUrl)
    checkReturnUrl(ctx, 'cancelUrl', cancelUrl)
    const userId = subjectOf(ctx.caller, input.userId)
    return createCheckout(coreOf(ctx), { ...input, userId })
  })
