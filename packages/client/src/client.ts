import type { TRPCProcedureOptions } from '@trpc/client'
import { createTRPCClientProxy, httpLink, TRPCUntypedClient } from '@trpc/client'
import { isTollgateError } from './error.ts'
import type { Call, RetryPolicy } from './retry.ts'
import { sleep, withRetries } from './retry.ts'
import { createTransport } from './transport.ts'
import type { AppRouter, CatalogIds, TollgateClient } from './types.ts'

export interface TollgateClientOptions {
  /** Where Tollgate is: `https://billing.example.com`. */
  url: string
  /** `tg_…`, as `tollgate keys create` printed it. Keep it on a server. */
  apiKey: string
  /** Default: the global one. */
  fetch?: typeof fetch
  /** How long one attempt may take. Default: 10 000. */
  timeoutMs?: number
  /** How often a call that may be repeated is sent again. Default: 3; 0: never. */
  retries?: number
  /** Waits between two attempts. Default: a timer; tests pass their own. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/**
 * A client for sibling apps, typed by Tollgate's router. `C` is the type of the deployment's catalogue: with it, meters
 * and plans are its ids, and a wrong one does not compile; without it they are strings. A call fails with a
 * TollgateApiError, or with the caller's own abort reason. A failed call is sent again only where that can't count
 * twice, and always under the same idempotency key. Throws TypeError for a url or apiKey that can't be one.
 */
export function createTollgateClient<C extends CatalogIds = CatalogIds>(
  options: TollgateClientOptions,
): TollgateClient<C> {
  if (!/^https?:\/\//.test(options.url)) {
    throw new TypeError(`url must begin with http:// or https://: ${JSON.stringify(options.url)}`)
  }
  if (!options.apiKey) throw new TypeError('apiKey is empty')
  return createTRPCClientProxy<AppRouter<C>>(new RetryingClient(options))
}

class RetryingClient extends TRPCUntypedClient<AppRouter> {
  readonly #policy: RetryPolicy

  constructor({ url, apiKey, timeoutMs = 10_000, retries = 3, ...rest }: TollgateClientOptions) {
    const link = httpLink<AppRouter>({
      url: `${url.replace(/\/+$/, '')}/api/trpc`,
      headers: { authorization: `Bearer ${apiKey}` },
      fetch: createTransport({ fetch: rest.fetch ?? fetch, timeoutMs }),
    })
    super({ links: [link] })
    this.#policy = { retries, sleep: rest.sleep ?? sleep }
  }

  override query(path: string, input?: unknown, options?: TRPCProcedureOptions) {
    const call: Call = { type: 'query', path, signal: options?.signal }
    return this.#run(call, () => super.query(path, input, options))
  }

  override mutation(path: string, input?: unknown, options?: TRPCProcedureOptions) {
    const call: Call = { type: 'mutation', path, signal: options?.signal }
    return this.#run(call, () => super.mutation(path, input, options))
  }

  #run(call: Call, send: () => Promise<unknown>): Promise<unknown> {
    return withRetries(call, this.#policy, () => send().catch((error) => rethrow(error, call)))
  }
}

/** tRPC wraps whatever its transport throws: this takes it out again. */
function rethrow(error: unknown, { signal }: Call): never {
  if (signal?.aborted) throw signal.reason
  throw error instanceof Error && isTollgateError(error.cause) ? error.cause : error
}
