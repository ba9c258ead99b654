import type { Actor } from '@tollgate/core'
import { TollgateError } from '@tollgate/core'
import type { Rule } from './access.ts'
import type { ApiContext, Caller } from './context.ts'

/**
 * Throws UNAUTHENTICATED or FORBIDDEN unless the caller may call this. It does not look at the input: which user a
 * call is about is decided by `subjectOf`.
 */
export function authorize(
  { caller, sameSite }: Pick<ApiContext, 'caller' | 'sameSite'>,
  rule: Rule | undefined,
  type: 'query' | 'mutation' | 'subscription',
): void {
  if (!rule) throw new TollgateError('FORBIDDEN', 'Nobody may call this.')
  if (rule.who === 'public') return
  if (caller.kind === 'anonymous') {
    throw new TollgateError('UNAUTHENTICATED', 'Sign in, or send an API key as a bearer token.')
  }
  if (!allows(rule, caller)) throw new TollgateError('FORBIDDEN', refusal(rule, caller))
  if (type === 'mutation') requireSameSite({ caller, sameSite })
}

/** Throws FORBIDDEN where a foreign page may have sent the call with this user's cookie. */
export function requireSameSite({ caller, sameSite }: Pick<ApiContext, 'caller' | 'sameSite'>) {
  if (caller.kind !== 'session' || sameSite) return
  const message =
    "A change with a cookie needs Content-Type: application/json and the app's own or a trusted Origin."
  throw new TollgateError('FORBIDDEN', message)
}

function allows(rule: Exclude<Rule, { who: 'public' }>, caller: Caller): boolean {
  switch (caller.kind) {
    case 'anonymous':
      return false
    case 'session':
      return rule.who === 'user' || (rule.who === 'admin' && caller.role === 'admin')
    case 'key':
      return rule.scope !== undefined && caller.scopes.includes(rule.scope)
  }
}

function refusal(rule: Exclude<Rule, { who: 'public' }>, caller: Caller): string {
  if (caller.kind === 'key') {
    return rule.scope === undefined
      ? 'An API key may not call this.'
      : `The API key lacks the scope ${rule.scope}.`
  }
  return rule.who === 'key' ? 'Only an API key may call this.' : 'Only an admin may call this.'
}

/**
 * The user that a `billing.*` call is about: a session's own, or the one that a key names.
 * Throws FORBIDDEN for a session that names another, VALIDATION for a key that names none.
 */
export function subjectOf(caller: Caller, named: string | undefined): string {
  if (caller.kind === 'session') {
    if (named === undefined || named === caller.userId) return caller.userId
    throw new TollgateError('FORBIDDEN', 'A session may only ask about itself.')
  }
  if (named !== undefined) return named
  throw new TollgateError('VALIDATION', 'userId: a call with an API key names the user', {
    issues: [{ path: 'userId', message: 'a call with an API key names the user' }],
  })
}

/** Who chooses for a user: the user, or the key that speaks for them. */
export function payerOf(caller: Caller): Actor {
  return caller.kind === 'session' ? { kind: 'user', id: caller.userId } : actorOf(caller)
}

/** Who acts, for the audit log; only callers that `access.ts` let through get here. */

export function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case 'session':
      return { kind: 'admin', id: caller.userId }
    case 'key':
      return { kind: 'key', id: caller.keyId }
    case 'anonymous':
      throw new Error('an anonymous caller has no actor')
  }
}
