import type { IncomingHttpHeaders } from 'node:http'
import type { AnyRouter, TRPCError } from '@trpc/server'
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server'
import type { FastifyRequest } from 'fastify'
import type { ApiContext } from '../../context.ts'
import { fitJson } from '../body/fit-json.ts'

/** The one call of a request, before it is made. */
export interface SingleCall {
  path: string
  type: 'query' | 'mutation'
  input: unknown
}

/** The response to a call, as tRPC sends it. */
export interface CallResponse {
  status: number
  body: string
  error: TRPCError | null
}

const types = { GET: 'query', POST: 'mutation' } as const

/**
 * Reads a request that holds one plain call, which is what our clients send. Null for all others, such as batches,
 * unknown procedures and broken JSON: tRPC's own adapter handles those, and says what is wrong.
 *
 * The adapter turns each request into a web Request and streams a web Response back. That cost more than all the rest
 * of a call together, metering included: see docs/performance.md.
 */
export function readSingleCall(
  request: FastifyRequest<{ Params: { '*': string } }>,
  router: AnyRouter,
): SingleCall | null {
  const { method, params, query, headers } = request
  const path = params['*']
  const type = method === 'GET' || method === 'POST' ? types[method] : undefined
  const procedures: Readonly<Record<string, { _def: { type: string } }>> = router._def.procedures
  if (type === undefined || !Object.hasOwn(procedures, path)) return null
  if (procedures[path]?._def.type !== type || asksForStream(headers)) return null
  if (typeof query !== 'object' || query === null || 'batch' in query) return null
  const read = type === 'query' ? queryInput(query, headers) : textInput(request.body)
  return read === null ? null : { path, type, input: read.input }
}

/** Makes the call, and returns the response that tRPC would send. Never throws. */
export async function runSingleCall(
  { path, type, input }: SingleCall,
  { router, ctx }: { router: AnyRouter; ctx: ApiContext },
): Promise<CallResponse> {
  try {
    const data: unknown = await callTRPCProcedure({
      router,
      path,
      type,
      ctx,
      getRawInput: async () => input,
      signal: undefined,
      batchIndex: 0,
    })
    return { status: 200, body: JSON.stringify({ result: { data } }), error: null }
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause)
    const config = router._def._config
    const shape = getTRPCErrorShape({ config, error, type, path, input, ctx })
    return { status: shape.data.httpStatus, body: JSON.stringify({ error: shape }), error }
  }
}

function asksForStream(headers: IncomingHttpHeaders): boolean {
  return headers['trpc-accept'] !== undefined || headers.accept?.includes('jsonl') === true
}

function queryInput(query: object, headers: IncomingHttpHeaders): { input: unknown } | null {
  const contentType = headers['content-type'] ?? 'application/json'
  if (contentType !== 'application/json') return null
  if (!('input' in query)) return { input: undefined }
  return textInput(typeof query.input === 'string' ? fitJson(query.input, 1) : query.input)
}

function textInput(text: unknown): { input: unknown } | null {
  if (typeof text !== 'string') return null
  try {
    return { input: JSON.parse(text) }
  } catch {
    return null
  }
}
