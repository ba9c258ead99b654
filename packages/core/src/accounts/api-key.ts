/** What an API key may be allowed to do. Source: docs/contract.md, "Who may call". */
export const scopes = [
  'usage:write',
  'usage:read',
  'usage:correct',
  'users:write',
  'billing:read',
  'billing:write',
] as const

export type Scope = (typeof scopes)[number]

export function isScope(value: string): value is Scope {
  return scopes.some((scope) => scope === value)
}

/** A key as its owner sees it later: never the key itself. Instants are ISO 8601, UTC. */
export interface ApiKey {
  id: string
  name: string
  scopes: Scope[]
  createdBy: string
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  /** To the minute. */
  lastUsedAt: string | null
}

/** Who calls with a key. */
export type KeyHolder = Pick<ApiKey, 'id' | 'name' | 'scopes'>
