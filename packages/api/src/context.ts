import type { Context, Scope } from '@tollgate/core'

/** Who calls, as the sign-in or the API key proves it. Nothing that the call itself claims. */
export type Caller =
  | { kind: 'anonymous' }
  | (SessionCaller & { kind: 'session' })
  | { kind: 'key'; keyId: string; name: string; scopes: readonly Scope[] }

/** Somebody who is signed in. */
export interface SessionCaller {
  userId: string
  role: 'customer' | 'admin'
  /** Others whom they may act for, such as their organisation. */
  subjects?: readonly Subject[] | undefined
}

/** Whom a session may act for: `view` reads alone, and gets no link that pays. */
export interface Subject {
  userId: string
  name: string
  access: 'manage' | 'view'
}

/** Stands for core's context, and shows nothing of it: no database or Stripe type reaches the router's type. */
interface CoreHandle {
  readonly handle: 'core'
}

/** What every procedure is given. Plain types only: this type travels to the clients. */
export interface ApiContext {
  readonly caller: Caller
  /** False where a page of a foreign origin, or a form, may have sent the call with the user's cookie. */
  readonly sameSite: boolean
  /** Origins that people may be sent back to: the app's own and the trusted ones. */
  readonly origins: readonly string[]
  readonly core: CoreHandle
  /** Called once per call, when its result is known: for metrics. */
  readonly observe?: ((call: ObservedCall) => void) | undefined
}

export interface ObservedCall {
  /** As in `usage.consume`. */
  procedure: string
  /** 'ok', 'refused' where a quota did not allow it, or the error's code. */
  outcome: string
}

export interface ApiContextOptions {
  /** Core's context, of any catalogue. */
  core: Context
  caller: Caller
  /** As in the plugin's options. */
  origins: readonly string[]
  /** Whether the call can't come from a foreign page. False unless given: a session then changes nothing. */
  sameSite?: boolean
  observe?: (call: ObservedCall) => void
}

/**
 * The context of one call, for calls that do not come over HTTP:
 * `appRouter.createCaller(createContext({ core, caller, origins }))`.
 * `caller` is believed: give only what your own sign-in has proved.
 */
export function createContext(options: ApiContextOptions): ApiContext {
  const { core, caller, origins, sameSite = false, observe } = options
  return { core: handleOf(core), caller, origins, sameSite, observe }
}

const contexts = new WeakMap<CoreHandle, Context>()
const handles = new WeakMap<Context, CoreHandle>()

/** The one handle of a core context. */
export function handleOf(core: Context): CoreHandle {
  const known = handles.get(core)
  if (known) return known
  const handle: CoreHandle = { handle: 'core' }
  contexts.set(handle, core)
  handles.set(core, handle)
  return handle
}

/** Core's context, which every procedure passes on to core. */
export function coreOf(ctx: Pick<ApiContext, 'core'>): Context {
  const core = contexts.get(ctx.core)
  if (!core) throw new Error('an ApiContext is made by createContext()')
  return core
}
