import { revokeGrant } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../../authorize.ts'
import { coreOf } from '../../../context.ts'
import { grant } from '../../../schemas/credits.ts'
import { shortText } from '../../../schemas/primitives.ts'
import { procedure } from '../../../trpc.ts'

/** Takes away what remains of a grant. */
export const revokeGrantProcedure = procedure
  .meta({
    openapi: {
      method: 'POST',
      path: '/api/billing/admin/revoke-grant',
      summary: 'Take away what remains of a grant',
    },
  })
  .input(z.strictObject({ grantId: shortText, reason: shortText }))
  .output(grant)
  .mutation(({ ctx, input }) => revokeGrant(coreOf(ctx), { ...input, actor: actorOf(ctx.caller) }))
