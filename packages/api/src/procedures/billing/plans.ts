import { listPlans } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { planOffer } from '../../schemas/billing.ts'
import { procedure } from '../../trpc.ts'

/** The plans on offer, at the price that checkout will charge. */
export const plansProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/plans',
      summary: 'Plans on offer, at the price that checkout will charge',
      protect: false,
    },
  })
  .output(z.array(planOffer))
  .query(({ ctx }) => listPlans(coreOf(ctx)))
