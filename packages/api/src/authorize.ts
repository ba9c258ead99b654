import type { Actor } from '@tollgate/core'
import { isSignInAccount, noteActingFor, TollgateError } from '@tollgate/core'
import type { Rule } from './access.ts'
import type { ApiContext, Caller, SessionCaller, Subject } from './context.ts'
import { coreOf } from './context.ts'

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

interface SubjectCall {
  rule: Rule | undefined
  /** As in `billing.cancel`. */
  path: string
  type: 'query' | 'mutation' | 'subscription'
  /** The `userId` of the input, whatever it is. */
  named: unknown
}

/**
 * The caller as one call may see them: a session with the one subject that the call names and may act for in this way, and
 * no other. So everything else is denied: whoever `identify` does not list, a change for one that may only be viewed, and the
 * sign-in account of somebody else. A change for another is in the audit log before it is made. Throws FORBIDDEN.
 */
export async function actingCaller(
  ctx: Pick<ApiContext, 'caller' | 'core'>,
  { rule, path, type, named }: SubjectCall,
): Promise<Caller> {
  const { caller } = ctx
  if (caller.kind !== 'session') return caller
  const alone = { ...caller, subjects: [] }
  if (rule?.who !== 'user' || named === undefined || named === caller.userId) return alone
  const subject = subjectFor(caller, named)
  if (subject === null) return alone
  if (type !== 'query' && subject.access !== 'manage') {
    throw new TollgateError('FORBIDDEN', 'You may view this subject, and change nothing of it.')
  }
  const core = coreOf(ctx)
  const { userId } = subject
  if (await isSignInAccount(core, { userId })) return alone
  if (type !== 'query') {
    await noteActingFor(core, { actor: { kind: 'user', id: caller.userId }, userId, action: path })
  }
  return { ...caller, subjects: [subject] }
}

/** Null: there is none. Where a host lists one twice, it is the one with less access. */
function subjectFor({ subjects = [] }: SessionCaller, named: unknown): Subject | null {
  const found = subjects.filter(({ userId }) => userId === named)
  return found.find(({ access }) => access === 'view') ?? found[0] ?? null
}

/**
 * The user that a `billing.*` call is about: a session's own or the subject that it may act for, or the one that a key
 * names. Throws FORBIDDEN for a session that names anybody else, VALIDATION for a key that names none.
 */
export function subjectOf(caller: Caller, named: string | undefined): string {
  if (caller.kind === 'session') {
    if (named === undefined || named === caller.userId) return caller.userId
    if (subjectFor(caller, named) !== null) return named
    throw new TollgateError('FORBIDDEN', 'A session may only ask about itself and its subjects.')
  }
  if (named !== undefined) return named
  throw new TollgateError('VALIDATION', 'userId: a call with an API key names the user', {
    issues: [{ path: 'userId', message: 'a call with an API key names the user' }],
  })
}

/** Whether a caller who may ask about a user may also have links that pay for them. */
export function mayPay(caller: Caller, userId: string): boolean {
  if (caller.kind !== 'session' || caller.userId === userId) return true
  return subjectFor(caller, userId)?.access === 'manage'
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
