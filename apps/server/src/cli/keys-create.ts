import { createApiKey, isScope, scopes } from '@tollgate/core'
import { InvalidArgumentError } from 'commander'
import type { Answer, CommandContext } from './command.ts'

export interface KeysCreateOptions {
  name: string
  scopes: string[]
  expires?: Date
}

/** Makes an API key for a sibling app; the answer is the only time that it is seen. */
export async function keysCreate(
  { core }: CommandContext,
  options: KeysCreateOptions,
): Promise<Answer> {
  const created = await createApiKey(core, {
    name: options.name,
    scopes: options.scopes.filter(isScope),
    expiresAt: options.expires,
    createdBy: { kind: 'command', id: 'keys create' },
  })
  const lines = [`${created.key}`, `The key ${created.id} is shown once: keep it safe.`]
  return { json: created, lines }
}

/** Throws commander's error for an empty list or an unknown scope. */
export function parseScopes(text: string): string[] {
  const named = text.split(',').map((scope) => scope.trim())
  const unknown = named.filter((scope) => !isScope(scope))
  if (unknown.length === 0) return [...new Set(named)]
  throw new InvalidArgumentError(`Unknown: ${unknown.join(', ')}. Known: ${scopes.join(', ')}.`)
}

/** Throws commander's error for anything but an ISO 8601 instant. */
export function parseInstant(text: string): Date {
  const ms = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Write it as 2027-01-31T00:00:00Z.')
  return new Date(ms)
}
