import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import { StripeError } from '../core/errors.ts'
import { formOf } from '../http/server.ts'
import { html } from './html.ts'
import { errorBox, page } from './layout.ts'

/** The response of a page. `framed`: another page may show it in a frame. */
export type PageResponse =
  | { status?: number | undefined; body: string; type?: string | undefined; framed?: boolean }
  | { location: string }
  | { status?: number | undefined; bytes: Buffer; type: string }

/** A request to a page: the parts of its path, its query and its form. */
export interface PageRequest {
  path: Record<string, string>
  query: Record<string, string>
  form: Record<string, unknown>
}

type Handler = (request: PageRequest) => PageResponse

/** The hosted pages run no scripts and load nothing. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const

/** The message of a `StripeError`, for the page; any other error is rethrown. */
export function errorText(error: unknown): string {
  if (error instanceof StripeError) return error.message
  throw error
}

/** Serves pages: each request first runs the work that is due, then its handler in transactions. */
export class PageServer {
  readonly #server: FastifyInstance
  readonly #engine: Engine
  readonly #policy: string

  /** `policy` is the Content-Security-Policy of the pages. */
  constructor(server: FastifyInstance, engine: Engine, policy = POLICY) {
    this.#server = server
    this.#engine = engine
    this.#policy = policy
  }

  /** Runs `work` in one transaction. */
  run<T>(work: (ctx: Context) => T): T {
    return this.#engine.transact(work)
  }

  get(path: string, handler: Handler): void {
    this.#server.get(path, (request, reply) => this.#handle(request, reply, handler))
  }

  post(path: string, handler: Handler): void {
    this.#server.post(path, (request, reply) => this.#handle(request, reply, handler))
  }

  async #handle(request: FastifyRequest, reply: FastifyReply, handler: Handler) {
    try {
      this.#engine.catchUp()
      const { params, query } = request
      const page = { path: asStrings(params), query: asStrings(query), form: formOf(request) }
      const response = handler(page)
      await this.#engine.durable()
      return send(reply, response, this.#policy)
    } catch (error) {
      const status = error instanceof StripeError ? error.status : 500
      const message = error instanceof Error ? error.message : String(error)
      const body = page(
        'Not possible',
        html`<section class="card"><h1>That is not possible</h1>${errorBox(message)}</section>`,
      )
      return send(reply, { status, body }, this.#policy)
    }
  }
}

function asStrings(value: unknown): Record<string, string> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
  return Object.fromEntries(entries.map(([key, entry]) => [key, String(entry)]))
}

/** The policy of a page that any other page may show in a frame. */
function frameable(policy: string): string {
  return policy.replace("frame-ancestors 'none'", 'frame-ancestors *')
}

function send(reply: FastifyReply, response: PageResponse, policy: string) {
  if ('location' in response) return reply.redirect(response.location, 303)
  const type = response.type ?? 'text/html; charset=utf-8'
  const body = 'bytes' in response ? response.bytes : response.body
  const framed = 'framed' in response && response.framed === true
  return reply
    .code(response.status ?? 200)
    .headers({ ...HEADERS, 'Content-Security-Policy': framed ? frameable(policy) : policy })
    .type(type)
    .send(body)
}
