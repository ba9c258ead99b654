import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../core/context.ts'
import type { Engine } from '../core/engine.ts'
import { StripeError } from '../core/errors.ts'
import { formOf } from '../http/server.ts'
import { html } from './html.ts'
import { errorBox, page } from './layout.ts'

/** What a page answers with. */
export type PageAnswer =
  | { status?: number; body: string; type?: string }
  | { location: string }
  | { status?: number; bytes: Buffer; type: string }

/** A visit to a page: the parts of its path, its query and its form. */
export interface Visit {
  path: Record<string, string>
  query: Record<string, string>
  form: Record<string, unknown>
}

type Handler = (visit: Visit) => PageAnswer

/** The hosted pages run no script and load nothing. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const

/** The message for a person of what went wrong; what is not a refusal is thrown on. */
export function refusalText(error: unknown): string {
  if (error instanceof StripeError) return error.message
  throw error
}

/** The hosted pages: each visit first does what is due, and may then change state. */
export class Site {
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
    this.#server.get(path, (request, reply) => this.#visit(request, reply, handler))
  }

  post(path: string, handler: Handler): void {
    this.#server.post(path, (request, reply) => this.#visit(request, reply, handler))
  }

  async #visit(request: FastifyRequest, reply: FastifyReply, handler: Handler) {
    try {
      this.#engine.catchUp()
      const visit = {
        path: texts(request.params),
        query: texts(request.query),
        form: formOf(request),
      }
      const answer = handler(visit)
      await this.#engine.durable()
      return send(reply, answer, this.#policy)
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

function texts(value: unknown): Record<string, string> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
  return Object.fromEntries(entries.map(([key, entry]) => [key, String(entry)]))
}

function send(reply: FastifyReply, answer: PageAnswer, policy: string) {
  if ('location' in answer) return reply.redirect(answer.location, 303)
  const type = answer.type ?? 'text/html; charset=utf-8'
  const body = 'bytes' in answer ? answer.bytes : answer.body
  return reply
    .code(answer.status ?? 200)
    .headers({ ...HEADERS, 'Content-Security-Policy': policy })
    .type(type)
    .send(body)
}
