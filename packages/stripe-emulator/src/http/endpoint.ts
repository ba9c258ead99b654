import type { Context } from '../core/context.ts'
import type { Param } from './params/param.ts'
import { watchParams } from './params/unread.ts'

export type Method = 'GET' | 'POST' | 'DELETE'

/** A request with parsed parameters. */
export interface Call<P> {
  /** The `:id` of the path, empty where there is none. */
  id: string
  params: P
  /** The `Authorization` header, empty where there is none. */
  authorization: string
}

/** A request with the parameters of path, query and body, not yet parsed. */
export interface RawCall {
  id: string
  params: Record<string, unknown>
  /** Whether to watch which parameters are read. */
  watch: boolean
  authorization?: string | undefined
}

/** A request with its parameters read: what it does, and which parameters nothing has read. */
export interface Operation {
  run(ctx: Context): object
  unread(): string[]
}

/** One route of the API. `prepare` parses the parameters, and throws before anything has happened. */
export interface Endpoint {
  method: Method
  path: string
  params: Param<unknown>
  /** Whether the route authenticates its requests itself, by something other than an API key. */
  ownAuthentication?: boolean
  prepare(raw: RawCall): Operation
}

/** Declares a route: its parameters and its operation, which returns the object of the response. */
export function endpoint<P>(
  route: `${Method} /v${1 | 2}/${string}`,
  params: Param<P>,
  run: (ctx: Context, call: Call<P>) => object,
): Endpoint {
  const [method, path] = route.split(' ')
  if ((method !== 'GET' && method !== 'POST' && method !== 'DELETE') || path === undefined) {
    throw new Error(`not a route: ${route}`)
  }
  return {
    method,
    path,
    params,
    prepare(raw) {
      const read = params.read(raw.params, '')
      const watched = raw.watch ? watchParams(read) : { params: read, unread: () => [] }
      const { id, authorization = '' } = raw
      return {
        run: (ctx) => run(ctx, { id, params: watched.params, authorization }),
        unread: watched.unread,
      }
    },
  }
}
