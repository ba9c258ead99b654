import { viewCatalog } from '@tollgate/core'
import { coreOf } from '../../context.ts'
import { catalogView } from '../../schemas/catalog.ts'
import { procedure } from '../../trpc.ts'

/** What is metered and sold here: names, units, limits and declared prices, in the catalogue's order. */
export const catalogProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/billing/catalog',
      summary: 'Meters, features, plans and packs of this deployment',
      protect: false,
    },
  })
  .output(catalogView)
  .query(({ ctx }) => viewCatalog(coreOf(ctx).catalog))
