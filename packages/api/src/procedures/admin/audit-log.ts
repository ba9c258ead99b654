import { listAudit } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../context.ts'
import { instant, page, paging } from '../../schemas/primitives.ts'
import { procedure } from '../../trpc.ts'

const entry = z.object({
  id: z.string(),
  at: instant,
  actor: z.object({ kind: z.string(), id: z.string() }),
  action: z.string(),
  userId: z.string().nullable(),
  reason: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
})

/** Who did what to whom, when and why; newest first. */
export const auditLogProcedure = procedure
  .input(z.strictObject(paging).optional())
  .output(page(entry))
  .query(({ ctx, input }) => listAudit(coreOf(ctx), input ?? {}))
