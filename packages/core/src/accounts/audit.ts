import type pg from 'pg'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { Page } from '../page.ts'
import type { Actor } from './actor.ts'

/** What was done, by whom and to whom. */
export interface AuditInput {
  actor: Actor
  /** object.verb, as in `apiKey.create`. */
  action: string
  /** Whose data it was about. */
  userId?: string | undefined
  reason?: string | undefined
  details?: Record<string, unknown> | undefined
}

export interface AuditEntry {
  id: string
  at: string
  actor: { kind: string; id: string }
  action: string
  userId: string | null
  reason: string | null
  details: Record<string, unknown>
}

/** Adds to the audit log; inside `tx` where the change and its entry have to stand or fall together. */
export async function appendAudit(
  _ctx: Context,
  _entry: AuditInput,
  _tx?: pg.ClientBase,
): Promise<void> {
  throw new TollgateError('INTERNAL', 'not yet')
}

/** The audit log, the last entry first. Throws VALIDATION for a cursor that is not from here. */
export async function listAudit(
  _ctx: Context,
  _input: { cursor?: string | undefined; limit?: number | undefined } = {},
): Promise<Page<AuditEntry>> {
  throw new TollgateError('INTERNAL', 'not yet')
}
