import type { Scope } from '../api/types.ts'

const texts: Record<Scope, string> = {
  'usage:write': 'Record and consume usage',
  'usage:read': 'Check quota, list usage',
  'usage:correct': 'Take recorded usage back',
  'users:write': 'Create and update users',
  'billing:read': 'Read plans, quota and invoices',
  'billing:write': 'Open checkout and portal',
}

/** Every scope, with what an API key that has it may do. */
export const scopes = Object.entries(texts).map(([scope, text]) => ({
  scope: scope as Scope,
  text,
}))
