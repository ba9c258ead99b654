/** What an API key may be allowed to do. Source: contract, "Who may call". */
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
