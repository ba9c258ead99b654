import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import { invalidRequest, StripeError } from '../core/errors.ts'
import type { EmulatorFaults } from '../core/faults/emulator-faults.ts'
import type { RequestFault } from '../core/faults/fault.ts'
import { faultError } from '../core/faults/fault.ts'
import type { RateLimit } from '../core/faults/rate-limit.ts'
import { shortId } from '../core/ids.ts'
import type { Endpoint } from './endpoint.ts'
import type { Expansions } from './expand.ts'
import { expandPaths, ResponseExpander } from './expand.ts'
import type { ApiKeys } from './keys/api-keys.ts'
import { permissionMissing } from './keys/api-keys.ts'
import { permissionOf } from './keys/permissions.ts'
import { authenticate } from './request/authenticate.ts'
import { checkRequest } from './request/check-request.ts'
import {
  checkKey,
  findStoredResponse,
  fingerprintOf,
  keyInUse,
  storeResponse,
} from './request/idempotency.ts'
import { isNoId, unknownRoute } from './request/unknown-route.ts'
import type { JsonResponse } from './response.ts'
import { errorResponse, toBody } from './response.ts'
import { fromVersion, hasRoute } from './versions/older-params.ts'
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
  keys: ApiKeys
  /** The id of the account, which refusals of a restricted key name. */
  accountId: () => string
  /** The API version of requests that name none. */
  apiVersion: string
  /** Whether to watch which parameters a request reads. */
  watchParams: boolean
}

interface Prepared {
  run: (ctx: Context) => object
  expand: string[]
  path: string
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
      const apiKey = endpoint?.ownAuthentication
        ? ''
        : authenticate(request.headers.authorization, this.#parts.apiKey)
      version = checkVersion(single(request.headers['stripe-version']) ?? version)
      if (!this.#parts.rateLimit.allows()) throw faultError('rate_limit')
      const { method, path } = request
      fault = this.#parts.faults.forRequest({ method, path, idempotencyKey: key })
      checkRequest(request)
      const existing = hasRoute(request, version) ? endpoint : undefined
      const known = this.#permitted(request, existing, apiKey)
      outcome = await this.#execute({ ...request, requestId, key, endpoint: known, fault, version })
    } catch (error) {
      const response = errorResponse(error, requestId)
      outcome = { response, originalRequest: requestId, replayed: false, unread: [] }
      limited = error instanceof StripeError && error.fields.code === 'rate_limit'
    }
    const headers = this.#headers({ request, requestId, key, outcome, limited, version })
    return { ...outcome.response, headers, cut: fault?.kind === 'cut', unread: outcome.unread }
  }

  /** The endpoint of a request. Throws 404 for an unknown route, and 403 where the key lacks its permission. */
  #permitted(request: ApiRequest, endpoint: Endpoint | undefined, key: string): Endpoint {
    if (endpoint === undefined || isNoId(request)) throw unknownRoute(request)
    const permission = permissionOf(endpoint)
    if (permission === undefined || this.#parts.keys.permits(key, permission)) return endpoint
    throw permissionMissing({ key, permission, account: this.#parts.accountId() })
  }

  async #execute(
    call: ApiRequest & {
      requestId: string
      key: string | null
      endpoint: Endpoint
      fault: RequestFault | null
      version: string
    },
  ): Promise<Outcome> {
    const { key, endpoint, fault } = call
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
    const named = call.headers['stripe-version'] !== undefined
    const fingerprint = fingerprintOf(call.method, call.path, call.params)
    return this.#parts.engine.transact(
      (ctx) => {
        const stored =
          idempotencyKey === null
            ? undefined
            : findStoredResponse(ctx, idempotencyKey, { path: call.path, fingerprint })
        if (stored !== undefined) {
          return { response: stored, originalRequest: stored.requestId, replayed: true, unread: [] }
        }
        const { expand, ...params } = fromVersion(call, { version, named, store: ctx.store })
        const asked = expandPaths(expand)
        const { authorization } = call.headers
        const watch = this.#parts.watchParams
        const operation = endpoint.prepare({ id: call.id, params, watch, authorization })
        const run = orFault(operation.run, call.fault)
        const { path } = call
        const response = this.#run(ctx, { run, expand: asked, path, fingerprint, version })
        const unread = response.status === 200 ? operation.unread() : []
        return { response, originalRequest: call.requestId, replayed: false, unread }
      },
      { id: call.requestId, idempotencyKey },
    )
  }

  #run(ctx: Context, prepared: Prepared): JsonResponse {
    const before = ctx.store.mark()
    let body: object | undefined
    let response: JsonResponse
    try {
      body = prepared.run(ctx)
      const { expand, version } = prepared
      const expander = new ResponseExpander(ctx, this.#parts.expansions(version))
      const shown = inVersion(ctx.store, expander.expand(body, expand), version)
      response = { status: 200, body: toBody(shown) }
    } catch (error) {
      // A path that cannot be expanded is a mistake of the request: nothing has happened, and nothing is stored.
      if (body !== undefined && error instanceof StripeError) throw error
      if (!(error instanceof StripeError && error.keepsEffects)) {
        ctx.store.rollbackTo(before)
        ctx.events.length = 0
      }
      response = errorResponse(error, ctx.request.id ?? '')
    }
    storeResponse(ctx, prepared, response)
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
