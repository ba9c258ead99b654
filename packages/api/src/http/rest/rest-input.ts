import { invalid } from '@tollgate/core'
import { z } from 'zod'

interface Sent {
  params: Record<string, string>
  query: Record<string, unknown>
  body: unknown
}

/**
 * The input of a procedure from a REST call: path and query where the method has no body, path and JSON body
 * otherwise. Text in a query becomes a number where the schema wants one. Throws VALIDATION for a body that is
 * not an object, or that names another than the path does.
 */
export function restInput(
  method: string,
  schema: unknown,
  { params, query, body }: Sent,
): Record<string, unknown> {
  if (method === 'GET') return { ...withNumbers(query, schema), ...params }
  const fields = body ?? {}
  if (typeof fields !== 'object' || Array.isArray(fields)) {
    throw invalid('body', 'must be a JSON object')
  }
  for (const [name, value] of Object.entries(params)) {
    const sent: unknown = Reflect.get(fields, name)
    if (sent !== undefined && sent !== value) throw invalid(name, 'must be the same as in the path')
  }
  return { ...fields, ...params }
}

function withNumbers(query: Record<string, unknown>, schema: unknown): Record<string, unknown> {
  const shape = shapeOf(schema)
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => [
      name,
      unwrap(shape[name]) instanceof z.ZodNumber ? toNumber(text) : text,
    ]),
  )
}

/** Anything but a plain number is left as it is, so that the schema refuses it and says why. */
function toNumber(text: unknown): unknown {
  return typeof text === 'string' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> {
  const inner = unwrap(schema)
  return inner instanceof z.ZodObject ? inner.shape : {}
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema
}
