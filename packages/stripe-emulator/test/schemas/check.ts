import type { Exchange } from '../../src/index.ts'
import { absentFields, rawCodes, rawRoutes, v2Errors } from './raw-fields.ts'
import type { RouteSchema, Schema, Schemas } from './schema.ts'
import type { Problem } from './validator.ts'
import { at, Validator } from './validator.ts'

const ERROR_FIELDS: Schema = { is: 'PaymentIntent.LastPaymentError' }

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** `/v1/customers/search` before `/v1/customers/:id`. */
function bySpecificity(a: RouteSchema, b: RouteSchema): number {
  return a.path.split(':').length - b.path.split(':').length
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(':id', '[^/]+')}$`)
}

/** Checks requests, responses and events against the types of the `stripe` package. */
export class Conformance {
  readonly #validator: Validator
  readonly #schemas: Schemas
  readonly #routes: { route: RouteSchema; pattern: RegExp }[]

  constructor(schemas: Schemas) {
    this.#schemas = schemas
    this.#validator = new Validator(schemas)
    this.#routes = [...schemas.routes]
      .sort(bySpecificity)
      .map((route) => ({ route, pattern: patternOf(route.path) }))
  }

  /** The violations of a request and its response, one line each. */
  ofExchange(exchange: Exchange): { request: string[]; response: string[] } {
    const { method, path, params, status } = exchange
    const where = `${method} ${path}`
    const lines = (what: string, problems: readonly Problem[]) =>
      problems.map((problem) => `${where}: ${what}${textOf(problem)}`)
    const route = this.#routeOf(method, path)
    const body: unknown = JSON.parse(exchange.body)
    if (status >= 400) {
      const request = route === undefined ? [] : this.#validator.problems(route.params, params)
      return {
        request: lines('request ', request),
        response: lines(
          `answer ${status} `,
          this.#errorProblems(body).filter(
            (problem) => !(path.startsWith('/v2/') && isV2Error(body, problem)),
          ),
        ),
      }
    }
    if (route === undefined) {
      const known = rawRoutes.some((raw) => `${method} ${path}`.match(raw.route))
      return { request: [], response: known ? [] : [`${where}: the package knows no such route`] }
    }
    return {
      request: lines('request ', this.#validator.problems(route.params, params)),
      response: lines(
        'answer ',
        this.#validator
          .problems(route.response, body)
          .filter((problem) => !isKnownAbsence(body, problem)),
      ),
    }
  }

  /** The violations of an event, one line each. */
  ofEvent(event: unknown): string[] {
    const type = isRecord(event) ? String(event['type']) : ''
    const schema = this.#schemas.events[type]
    if (schema === undefined) return [`event ${type}: the package knows no such type`]
    return this.#validator
      .problems(schema, event)
      .filter((problem) => !isKnownAbsence(event, problem))
      .map((problem) => `event ${type}: ${textOf(problem)}`)
  }

  #errorProblems(body: unknown): Problem[] {
    const keys = isRecord(body) ? Object.keys(body) : []
    if (!isRecord(body) || keys.length !== 1 || !isRecord(body['error'])) {
      return [{ path: '', missing: null, expected: `{ error: … }, not ${JSON.stringify(body)}` }]
    }
    const { code, ...others } = body['error']
    const error = rawCodes.some((raw) => raw.code === code) ? others : body['error']
    return this.#validator.problems(ERROR_FIELDS, error).map((problem) => ({
      ...problem,
      path: `error${problem.path === '' ? '' : '.'}${problem.path}`,
    }))
  }

  #routeOf(method: string, path: string): RouteSchema | undefined {
    return this.#routes.find(({ route, pattern }) => route.method === method && pattern.test(path))
      ?.route
  }
}

/** Whether a missing field of an event, alone or in a list, is one that Stripe omits too. */
function isKnownAbsence(body: unknown, { path, missing }: Problem): boolean {
  const [, event] = /^(.*?)\.?data\.object$/.exec(path) ?? []
  if (event === undefined || missing === null) return false
  const { type } = Object(at(body, event === '' ? [] : event.split('.')))
  return absentFields.some((absent) => absent.event === type && absent.field === missing)
}

/** Whether a code or type that the types of the package do not know is one of the v2 API. */
function isV2Error(body: unknown, { path }: Problem): boolean {
  const value = at(body, path.split('.'))
  const known: readonly unknown[] = path === 'error.code' ? v2Errors.codes : v2Errors.types
  return ['error.code', 'error.type'].includes(path) && known.includes(value)
}

function textOf({ path, expected }: Problem): string {
  return `${path === '' ? '(all of it)' : path}: expected ${expected}`
}
