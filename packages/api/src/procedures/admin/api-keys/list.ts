import { listApiKeys } from '@tollgate/core'
import { z } from 'zod'
import { coreOf } from '../../../context.ts'
import { scope } from '../../../schemas/admin.ts'
import { instant } from '../../../schemas/primitives.ts'
import { procedure } from '../../../trpc.ts'

const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  createdBy: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
})

/** All keys, revoked and expired ones too; never the keys themselves. */
export const listProcedure = procedure
  .output(z.array(apiKey))
  .query(({ ctx }) => listApiKeys(coreOf(ctx)))
