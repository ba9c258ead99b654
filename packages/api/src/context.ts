import type { Context, Scope } from '@tollgate/core'

/** Who calls: as far as the sign-in or the API key says, and nothing that the call itself claims. */
export type Caller =
  | { kind: 'nobody' }
  | { kind: 'session'; userId: string; role: 'customer' | 'admin' }
  | { kind: 'key'; keyId: string; name: string; scopes: readonly Scope[] }

/** A handle on core. It shows nothing of it, so that no database or Stripe type leaks into the router's type. */
export interface CoreHandle {
  readonly handle: 'core'
}

/** What every procedure is given. Plain types only: this type travels to the clients. */
export interface ApiContext {
  readonly caller: Caller
  /** False where a page of a foreign origin, or a form, may have sent this with the user's cookie. */
  readonly sameSite: boolean
  /** Origins that people may be sent back to: the app's own and the trusted ones. */
  readonly origins: readonly string[]
  readonly core: CoreHandle
  /** Told of each call once it has its answer: for metrics. */
  readonly observe?: ((call: ObservedCall) => void) | undefined
}

export interface ObservedCall {
  /** As in `usage.consume`. */
  procedure: string
  /** 'ok', 'refused' for a quota that said no, or the error's code. */
  outcome: string
}

const contexts = new WeakMap<CoreHandle, Context>()

export function handleOf(core: Context): CoreHandle {
  const handle: CoreHandle = { handle: 'core' }
  contexts.set(handle, core)
  return handle
}

export function coreOf(ctx: Pick<ApiContext, 'core'>): Context {
  const core = contexts.get(ctx.core)
  if (!core) throw new Error('ApiContext.core must come from handleOf()')
  return core
}

/** The context of one call, without HTTP: what the Fastify plugin builds for a request, and tests by hand. */
export function createApiContext(options: ApiContext): ApiContext {
  return options
}
