import type { Actor } from '../actor.ts'

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

/** A line of the audit log. */
export interface AuditEntry {
  id: string
  /** ISO 8601, UTC. */
  at: string
  actor: { kind: string; id: string }
  action: string
  userId: string | null
  reason: string | null
  details: Record<string, unknown>
}
