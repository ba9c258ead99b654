import { listGrants } from '@tollgate/core'
import { z } from 'zod'
import { subjectOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { grant } from '../../schemas/credits.ts'
import { subject } from '../../schemas/subject.ts'
import { procedure } from '../../trpc.ts'

/** The live grants with something left, in the order of use. */
export const grantsProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/grants',
      summary: 'The credits that may be used, grant by grant',
    },
  })
  .input(subject.optional())
  .output(z.array(grant))
  .query(({ ctx, input }) =>
    listGrants(coreOf(ctx), { userId: subjectOf(ctx.caller, input?.userId) }),
  )
