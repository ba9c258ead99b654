import { appRouter } from '@tollgate/api'
import { z } from 'zod'
import type { Auth } from '../../src/auth/auth.ts'

/** Something that can be called, as the router or the sign-in declares it: a new one is fuzzed without being listed here. */
export type Target =
  | { kind: 'trpc'; name: string; type: 'query' | 'mutation'; schema: unknown }
  | { kind: 'rest'; name: string; method: string; path: string; schema: unknown }
  | { kind: 'auth'; name: string; method: string; path: string; schema: unknown }

const procedure = z.object({
  _def: z.object({
    type: z.enum(['query', 'mutation']),
    inputs: z.array(z.unknown()),
    meta: z
      .object({ openapi: z.object({ method: z.string(), path: z.string() }).optional() })
      .optional(),
  }),
})

/** Every procedure by its path over tRPC, and at its REST path where it has one. */
export const procedures: readonly Target[] = Object.entries(appRouter._def.procedures).flatMap(
  ([name, built]): Target[] => {
    const { type, inputs, meta } = procedure.parse({ ...built })._def
    const [schema] = inputs
    const rest = meta?.openapi
    return [
      { kind: 'trpc', name, type, schema },
      ...(rest ? [{ kind: 'rest', name, ...rest, schema } as const] : []),
    ]
  },
)

const endpoint = z.object({
  path: z.string(),
  options: z.object({
    method: z.union([z.string(), z.array(z.string())]),
    body: z.unknown().optional(),
    query: z.unknown().optional(),
  }),
})

/** Every route of the sign-in. */
export function authRoutes(auth: Auth): Target[] {
  return Object.values(auth.api).flatMap((built): Target[] => {
    const parsed = endpoint.safeParse({ ...built })
    if (!parsed.success) return []
    const { path, options } = parsed.data
    return [options.method].flat().map((method) => ({
      kind: 'auth',
      name: `${method} ${path}`,
      method,
      path: `/api/auth${path}`,
      schema: method === 'GET' ? options.query : options.body,
    }))
  })
}
