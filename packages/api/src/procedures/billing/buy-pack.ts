import { buyPack } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { checkReturnUrl } from '../../return-url.ts'
import { pack } from '../../schemas/primitives.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** Opens Stripe's checkout for a pack of credits, or the session that is open already. Throws NOT_FOUND. */
export const buyPackProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/buy-pack',
      summary: "Open Stripe's checkout for a pack of credits",
    },
  })
  .input(
    subject.extend({
      pack,
      quantity: z.int().min(1).max(1_000).optional(),
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
    return buyPack(coreOf(ctx), { ...input, userId })
  })
