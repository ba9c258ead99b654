import type { Actor } from '../../actor.ts'

/** A sign-in account as its operator sees it. Instants are ISO 8601, UTC. */
export interface Account {
  userId: string
  email: string
  /** Whether its owner has shown that mail to the address reaches them. */
  emailVerified: boolean
  role: 'customer' | 'admin'
  createdAt: string
  /** How it signs in: 'password', or the name of a provider. */
  signInBy: string[]
  /** Since when it is banned; null: it is not. */
  bannedAt: string | null
  /** How many sessions it has that are not over. */
  sessions: number
}

/** Which account: by id, or by the address that it signs in with. */
export type AccountName = { userId: string } | { email: string }

/** What is done to an account by somebody else, for the audit log. */
export interface AccountAction {
  userId: string
  actor: Actor
  reason: string
}
