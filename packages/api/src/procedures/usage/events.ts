import { listUsageEvents } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { givenInstant, meter, page, paging, userId } from '../../schemas/primitives.ts'
import { usageEvent } from '../../schemas/usage.ts'
import { procedure } from '../../trpc.ts'

/** A user's usage events, the last recorded first; `from` included, `to` not. */
export const eventsProcedure = procedure
  .meta({
    openapi: {
      method: 'GET',
      path: '/api/usage/events',
      summary: "A user's usage events, last recorded first",
    },
  })
  .input(
    z.strictObject({
      userId,
      meter: meter.optional(),
      from: givenInstant.optional(),
      to: givenInstant.optional(),
      ...paging,
    }),
  )
  .output(page(usageEvent))
  .query(({ ctx, input: { from, to, ...input } }) =>
    listUsageEvents(coreOf(ctx), {
      ...input,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
    }),
  )
