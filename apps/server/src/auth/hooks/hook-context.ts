import type { createAuthMiddleware } from 'better-auth/api'
import { getIP } from 'better-auth/api'

/** What better-auth tells a hook of a request. */
export type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

/** The caller's address, or of IPv6 the network (/64) that one customer of a provider has whole. */
export function addressOf({ request, context }: Pick<HookContext, 'request' | 'context'>): string {
  return (request && getIP(request, context.options)) ?? 'unknown'
}
