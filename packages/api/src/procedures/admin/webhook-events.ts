import { listWebhookEvents } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { eventState, webhookEvent } from '../../schemas/admin.ts'
import { page, paging, search, shortText } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'

/** The webhook inbox, the last received first. `search`: a whole id, or a part of an e-mail address. */
export const webhookEventsProcedure = procedure
  .input(
    z
      .strictObject({
        ...paging,
        state: eventState.optional(),
        type: shortText.optional(),
        search: search.optional(),
      })
      .optional(),
  )
  .output(page(webhookEvent))
  .query(({ ctx, input }) => listWebhookEvents(coreOf(ctx), input ?? {}))
