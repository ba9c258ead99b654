import type { Context } from '../core/context.ts'
import type { Param } from './params/param.ts'

export type Method = 'GET' | 'POST' | 'DELETE'

/** A request with parsed parameters. */
export interface Call<P> {
  /** The `:id` of the path, empty where there is none. */
  id: string
  params: P
}

/** A request with the parameters of path, query and body, not yet parsed. */
export interface RawCall {
  id: string
  params: Record<string, unknown>
}

/** One route of the API. `prepare` parses the parameters, and throws before anything has happened. */
export interface Endpoint {
  method: Method
  path: string
  params: Param<unknown>
  prepare(raw: RawCall): (ctx: Context) => object
}

/** Declares a route: its parameters and its operation, which returns the object of the response. */
export function endpoint<P>(
  route: `${Method} /v1/${string}`,
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
      return (ctx) => run(ctx, { id: raw.id, params: read })
    },
  }
}
