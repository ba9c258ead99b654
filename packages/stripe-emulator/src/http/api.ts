import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import { invalidRequest, StripeError } from '../core/errors.ts'
import type { EmulatorFaults } from '../core/faults/emulator-faults.ts'
import type { RequestFault } from '../core/faults/fault.ts'
import { faultError } from '../core/faults/fault.ts'
import type { RateLimit } from '../core/faults/rate-limit.ts'
import { shortId } from '../core/ids.ts'
import { authenticate } from './authenticate.ts'
import type { Endpoint } from './endpoint.ts'
import type { Expansions } from './expand.ts'
import { ResponseExpander } from './expand.ts'
import {
  checkKey,
  findStoredResponse,
  fingerprintOf,
  keyInUse,
  storeResponse,
} from './idempotency.ts'
import type { JsonResponse } from './response.ts'
import { errorResponse, toBody } from './response.ts'
import { fromVersion } from './versions/older-params.ts'
import { inVersion } from './versions/render.ts'
import { checkVersion } from './versions/version.ts'

/** A request to the API, independent of the HTTP server. */
export interface ApiRequest {
  method: string
  /** Path without query. */
  path: string
  headers: IncomingHttpHeaders
  id: string
  params: Record<string, unknown>
}

export interface ApiResponse extends JsonResponse {
  headers: Record<string, string>
  /** Whether a fault closes the connection instead of sending the response. */
  cut: boolean
  /** The names of the parameters that nothing has read, where they are watched. */
  unread: readonly string[]
}

export interface ApiParts {
  engine: Engine
  /** The expandable fields of an API version. */
  expansions: (version: string) => Expansions
  faults: EmulatorFaults
  rateLimit: RateLimit
  apiKey: string | undefined
  /** The API version of requests that name none. */
  apiVersion: string
  /** Whether to watch which parameters a request reads. */
  watchParams: boolean
}

interface Prepared {
  run: (ctx: Context) => object
  expand: string[]
  fingerprint: string
  version: string
}

interface Outcome {
  response: JsonResponse
  originalRequest: string
  replayed: boolean
  unread: readonly string[]
}

/** Handles API requests: authentication, faults, idempotency, the endpoint, expansion, headers. */
export class Api {
  readonly #parts: ApiParts
  readonly #running = new Set<string>()

  constructor(parts: ApiParts) {
    this.#parts = parts
  }

  /** Handles a request to an endpoint; undefined: the route is unknown. Never rejects. */
  async handle(request: ApiRequest, endpoint: Endpoint | undefined): Promise<ApiResponse> {
    const requestId = shortId('req')
    const key = single(request.headers['idempotency-key']) ?? null
    let outcome: Outcome
    let fault: RequestFault | null = null
    let limited = false
    let version = this.#parts.apiVersion
    try {
      authenticate(request.headers.authorization, this.#parts.apiKey)
      version = checkVersion(single(request.headers['stripe-version']) ?? version)
      if (!this.#parts.rateLimit.allows()) throw faultError('rate_limit')
      const { method, path } = request
      fault = this.#parts.faults.forRequest({ method, path, idempotencyKey: key })
      outcome = await this.#execute({ ...request, requestId, key, endpoint, fault, version })
    } catch (error) {
      const response = errorResponse(error, requestId)
      outcome = { response, originalRequest: requestId, replayed: false, unread: [] }
      limited = error instanceof StripeError && error.fields.code === 'rate_limit'
    }
    const headers = this.#headers({ request, requestId, key, outcome, limited, version })
    return { ...outcome.response, headers, cut: fault?.kind === 'cut', unread: outcome.unread }
  }

  async #execute(
    call: ApiRequest & {
      requestId: string
      key: string | null
      endpoint: Endpoint | undefined
      fault: RequestFault | null
      version: string
    },
  ): Promise<Outcome> {
    const { key, endpoint, fault } = call
    if (endpoint === undefined) throw unknownRoute(call)
    const usesKey = key !== null && call.method === 'POST'
    if (usesKey) {
      checkKey(key)
      if (this.#running.has(key)) throw keyInUse(key)
      this.#running.add(key)
    }
    try {
      if (fault?.kind === 'delay') await wait(fault.delayMs)
      if (fault?.kind === 'answer' && fault.remembered !== true) throw faultError(fault.error)
      if (fault?.kind === 'cut' && fault.when === 'before') throw invalidRequest('cut')
      this.#parts.engine.catchUp()
      const outcome = this.#transact(call, endpoint, usesKey ? key : null)
      await this.#parts.engine.durable()
      return outcome
    } finally {
      if (usesKey) this.#running.delete(key)
    }
  }

  #transact(
    call: ApiRequest & { requestId: string; fault: RequestFault | null; version: string },
    endpoint: Endpoint,
    idempotencyKey: string | null,
  ): Outcome {
    const { version } = call
    const { expand, ...params } = fromVersion(call, version)
    const fingerprint = fingerprintOf(call.method, call.path, call.params)
    return this.#parts.engine.transact(
      (ctx) => {
        const stored =
          idempotencyKey === null ? undefined : findStoredResponse(ctx, idempotencyKey, fingerprint)
        if (stored !== undefined) {
          return { response: stored, originalRequest: stored.requestId, replayed: true, unread: [] }
        }
        const operation = endpoint.prepare({ id: call.id, params, watch: this.#parts.watchParams })
        const run = orFault(operation.run, call.fault)
        const response = this.#run(ctx, { run, expand: expandPaths(expand), fingerprint, version })
        const unread = response.status === 200 ? operation.unread() : []
        return { response, originalRequest: call.requestId, replayed: false, unread }
      },
      { id: call.requestId, idempotencyKey },
    )
  }

  #run(ctx: Context, prepared: Prepared): JsonResponse {
    const before = ctx.store.mark()
    let response: JsonResponse
    try {
      const body = prepared.run(ctx)
      const { expand, version } = prepared
      const expander = new ResponseExpander(ctx, this.#parts.expansions(version))
      const shown = inVersion(ctx.store, expander.expand(body, expand), version)
      response = { status: 200, body: toBody(shown) }
    } catch (error) {
      if (!(error instanceof StripeError && error.keepsEffects)) {
        ctx.store.rollbackTo(before)
        ctx.events.length = 0
      }
      response = errorResponse(error, ctx.request.id ?? '')
    }
    storeResponse(ctx, prepared.fingerprint, response)
    return response
  }

  #headers(about: {
    request: ApiRequest
    requestId: string
    key: string | null
    outcome: Outcome
    limited: boolean
    version: string
  }): Record<string, string> {
    const { status } = about.outcome.response
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'Request-Id': about.requestId,
      'Stripe-Version': about.version,
      ...(about.limited
        ? { 'Stripe-Rate-Limited-Reason': 'global-rate' }
        : { 'Stripe-Should-Retry': String(status === 409 || status === 429 || status >= 500) }),
    }
    if (about.key === null || about.request.method !== 'POST') return headers
    headers['Idempotency-Key'] = about.key
    headers['Original-Request'] = about.outcome.originalRequest
    if (about.outcome.replayed) headers['Idempotent-Replayed'] = 'true'
    return headers
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

function unknownRoute(request: { method: string; path: string }): StripeError {
  return new StripeError(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${request.method}: ${request.path}). stripe-emulator does not emulate this route; if Stripe has it, the emulator lacks it.`,
  })
}

function wait(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}

/** The operation of a request, or the fault that is stored in its place. */
function orFault(run: (ctx: Context) => object, fault: RequestFault | null) {
  if (fault?.kind !== 'answer') return run
  return () => {
    throw faultError(fault.error)
  }
}

function expandPaths(value: unknown): string[] {
  if (value === undefined) return []
  const paths = Array.isArray(value) ? value : [value]
  return paths.map((path) => {
    if (typeof path === 'string' && path !== '') return path
    throw invalidRequest('Invalid array', { param: 'expand' })
  })
}
