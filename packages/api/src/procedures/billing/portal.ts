import { createPortalSession } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { checkReturnUrl } from '../../return-url.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** Opens Stripe's customer portal. Throws NO_SUBSCRIPTION for a user whom Stripe does not know yet. */
export const portalProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/portal',
      summary: "Open Stripe's customer portal",
    },
  })
  .input(subject.extend({ returnUrl: z.url().optional() }))
  .output(z.object({ url: z.string() }))
  .mutation(({ ctx, input: { userId, returnUrl } }) => {
    checkReturnUrl(ctx, 'returnUrl', returnUrl)
    return createPortalSession(coreOf(ctx), { userId: subjectOf(ctx.caller, userId), returnUrl })
  })
