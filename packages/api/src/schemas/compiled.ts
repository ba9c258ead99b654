import type { z } from 'zod'

/**
 * The same schema, read as zod reads it fastest. tRPC asks a schema to parse asynchronously, and zod compiles schemas
 * for synchronous parsing only; none of ours has anything asynchronous. Used for the inputs and outputs of metering, where it counts.
 */
export function compiled<T extends z.ZodType>(schema: T): T {
  const parseAsync = async (value: unknown) => schema.parse(value)
  Object.assign(schema, { parseAsync })
  return schema
}
