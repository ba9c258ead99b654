import type { Engine } from '../../core/engine.ts'
import { StripeError } from '../../core/errors.ts'
import { shortId } from '../../core/ids.ts'
import type { Endpoint } from '../endpoint.ts'
import { asStrings } from './route.ts'

/** A call to the API from inside the emulator. */
export interface InnerCall {
  /** The `:id` of the route. */
  id?: string
  params?: Record<string, unknown>
}

/** Calls the endpoints of the API as a client would; what they reject is rejected here too. */
export class ApiCaller {
  readonly #engine: Engine
  readonly #endpoints: readonly Endpoint[]

  constructor(engine: Engine, endpoints: readonly Endpoint[]) {
    this.#engine = engine
    this.#endpoints = endpoints
  }

  /** Calls a route in a transaction of its own. `T` is the type of its response. */
  call<T extends object>(route: string, { id = '', params = {} }: InnerCall = {}): T {
    const found = this.#endpoints.find(({ method, path }) => `${method} ${path}` === route)
    if (found === undefined) throw new Error(`the API has no ${route}`)
    const given = Object.entries(params).filter(([, value]) => value !== undefined)
    const { run } = found.prepare({
      id,
      params: Object.fromEntries(given.map(([name, value]) => [name, asStrings(value)])),
      watch: false,
    })
    const outcome = this.#engine.transact(
      (ctx) => {
        try {
          return { object: run(ctx) }
        } catch (error) {
          // A declined charge stays on record, as it does when a client calls.
          if (error instanceof StripeError && error.keepsEffects) return { error }
          throw error
        }
      },
      { id: shortId('req'), idempotencyKey: null },
    )
    if ('error' in outcome) throw outcome.error
    // Each endpoint returns an object of its own type, which the caller names.
    return outcome.object as T
  }
}
