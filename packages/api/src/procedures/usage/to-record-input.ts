import type { RecordInput } from '@tollgate/core'
import type { z } from 'zod'
import type { recordInput } from '../../schemas/usage.ts'

/** The input as core takes it, with the instant as a Date. */
export function toRecordInput(input: z.output<typeof recordInput>): RecordInput {
  const { occurredAt, ...use } = input
  return { ...use, occurredAt: occurredAt === undefined ? undefined : new Date(occurredAt) }
}
