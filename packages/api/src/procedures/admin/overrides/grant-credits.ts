import { grantCredits } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../../authorize.ts'
import { coreOf } from '../../../context.ts'
import { grant } from '../../../schemas/credits.ts'
import {
  amount,
  givenInstant,
  idempotencyKey,
  meter,
  shortText,
  userId,
} from '../../../schemas/primitives.ts'
import { procedure } from '../../../trpc.ts'

/** Gives a user credits; the same key again gives nothing more. */
export const grantCreditsProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/admin/grant-credits',
      summary: 'Give a user credits for a meter',
    },
  })
  .input(
    z.strictObject({
      userId,
      meter,
      amount,
      expiresAt: givenInstant.optional(),
      reason: shortText,
      idempotencyKey,
    }),
  )
  .output(grant)
  .mutation(({ ctx, input: { expiresAt, ...input } }) =>
    grantCredits(coreOf(ctx), {
      ...input,
      expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
      actor: actorOf(ctx.caller),
    }),
  )
