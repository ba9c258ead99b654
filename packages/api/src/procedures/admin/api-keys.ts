import { createApiKey, listApiKeys, revokeApiKey, scopes } from '@tollgate/core'
import { z } from 'zod'
import { actorOf } from '../../authorize.ts'
import { coreOf } from '../../context.ts'
import { instant, shortText } from '../../schemas/primitives.ts'
import { procedure, router } from '../../trpc.ts'

const scope = z.enum(scopes)

/** Makes a key for a sibling app. The key is in this answer and nowhere else. */
const create = procedure
  .input(
    z.strictObject({
      name: shortText,
      scopes: z.array(scope).min(1),
      expiresAt: instant.optional(),
    }),
  )
  .output(z.object({ id: z.string(), key: z.string() }))
  .mutation(({ ctx, input: { expiresAt, ...input } }) =>
    createApiKey(coreOf(ctx), {
      ...input,
      expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
      createdBy: actorOf(ctx.caller),
    }),
  )

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

const list = procedure.output(z.array(apiKey)).query(({ ctx }) => listApiKeys(coreOf(ctx)))

/** Refused everywhere within 10 s. A repeat changes nothing. */
const revoke = procedure
  .input(z.strictObject({ id: z.string().max(255) }))
  .output(z.object({ id: z.string() }))
  .mutation(async ({ ctx, input: { id } }) => {
    await revokeApiKey(coreOf(ctx), { id, revokedBy: actorOf(ctx.caller) })
    return { id }
  })

export const apiKeys = router({ create, list, revoke })
