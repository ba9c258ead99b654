import fc from 'fast-check'
import { texts, toJson } from './hostile.ts'
import type { KnownValues } from './inputs.ts'
import { inputsFor } from './inputs.ts'
import { contentTypes, JSON_TYPE, oddPaths, oddQueries } from './odd-http.ts'
import type { Target } from './targets.ts'

/** A request that may not be one that any HTTP library would make. */
export interface RawRequest {
  method: string
  /** As it is sent, with its query. */
  path: string
  headers: Record<string, string>
  body: string | undefined
}

/** Requests to one target, with inputs that its schema takes and others. */
export function requestsTo(target: Target, known: KnownValues): fc.Arbitrary<RawRequest> {
  const input = inputsFor(target.schema, known)
  switch (target.kind) {
    case 'trpc':
      return target.type === 'query'
        ? fc
            .tuple(input, extraQuery)
            .map(([value, extra]) =>
              get(`/api/trpc/${target.name}?${queryOf({ input: inputText(value) })}${extra}`),
            )
        : withBody(fc.constant({ method: 'POST', path: `/api/trpc/${target.name}` }), input)
    case 'rest':
    case 'auth':
      return target.method === 'GET'
        ? fc
            .tuple(input, extraQuery)
            .map(([value, extra]) => get(`${target.path}?${queryOf(value)}${extra}`))
        : withBody(pathsOf(target, known), input)
  }
}

/** tRPC calls that travel in one request. */
export function batchesOf(
  targets: readonly Target[],
  known: KnownValues,
): fc.Arbitrary<RawRequest> {
  const batch = (type: 'query' | 'mutation') => {
    const each = targets.flatMap((target) =>
      target.kind === 'trpc' && target.type === type
        ? [fc.tuple(fc.constant(target.name), inputsFor(target.schema, known))]
        : [],
    )
    return fc.array(fc.oneof(...each), { minLength: 1, maxLength: 5 })
  }
  const queries = batch('query').map((calls) =>
    get(`${batchPath(calls)}&${queryOf({ input: toJson(inputsOf(calls)) })}`),
  )
  const mutations = batch('mutation').map((calls) =>
    post(batchPath(calls), JSON_TYPE, toJson(inputsOf(calls))),
  )
  return fc.oneof(queries, mutations)
}

/** Requests to addresses where there is nothing, or another kind of thing. */
export const elsewhere: fc.Arbitrary<RawRequest> = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
    fc.constantFrom(
      '/api/trpc/',
      '/api/billing/',
      '/api/usage/',
      '/api/users/',
      '/api/auth/',
      '/api/',
      '/',
    ),
    fc.oneof(oddPaths, texts.map(percent)),
    fc.oneof(fc.constant(''), oddQueries),
  )
  .map(([method, root, end, query]) => ({
    ...get(`${root}${end}${query && `?${query}`}`),
    method,
    body: method === 'POST' || method === 'PUT' ? '{}' : undefined,
    headers: { 'content-type': JSON_TYPE },
  }))

type Calls = readonly (readonly [name: string, input: unknown])[]

function batchPath(calls: Calls): string {
  return `/api/trpc/${calls.map(([name]) => name).join(',')}?batch=1`
}

function inputsOf(calls: Calls): Record<string, unknown> {
  return Object.fromEntries(calls.map(([, input], i) => [i, input]))
}

const extraQuery = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: oddQueries.map((odd) => `&${odd}`) },
)

function pathsOf(target: { method: string; path: string }, known: KnownValues) {
  const name = /\{(\w+)\}$|:(\w+)$/.exec(target.path)
  if (!name) return fc.constant({ method: target.method, path: target.path })
  const root = target.path.slice(0, name.index)
  const there = (known.get(name[1] ?? '') ?? ['x']).map((id) => percent(String(id)))
  const end = fc.oneof(fc.constantFrom(...there), texts.map(percent), oddPaths)
  return end.map((last) => ({ method: target.method, path: root + last }))
}

/** A JSON body, that of a broken client now and then. */
function withBody(
  address: fc.Arbitrary<{ method: string; path: string }>,
  input: fc.Arbitrary<unknown>,
): fc.Arbitrary<RawRequest> {
  const breaks = fc.oneof(
    { weight: 20, arbitrary: fc.constant((json: string) => json) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<(json: string) => string>(
        (json) => json.slice(0, -1),
        (json) => `\ufeff${json}`,
        (json) => `${json}${json}`,
        (json) => `[${json}]`,
        () => '',
        () => ' ',
        () => 'NaN',
        () => '\0',
        () => 'a=1&b=2',
      ),
    },
  )
  return fc
    .tuple(address, input, breaks, contentTypes)
    .map(([{ method, path }, value, mangle, type]) => ({
      ...post(path, type, mangle(value === undefined ? '' : toJson(value))),
      method,
    }))
}

function get(path: string): RawRequest {
  return { method: 'GET', path: path.slice(0, MAX_PATH), headers: {}, body: undefined }
}

function post(path: string, contentType: string, body: string): RawRequest {
  return {
    method: 'POST',
    path: path.slice(0, MAX_PATH),
    headers: { 'content-type': contentType },
    body,
  }
}

/** Node refuses longer heads itself, before any of our code runs. */
const MAX_PATH = 8_000

function inputText(value: unknown): unknown {
  return value === undefined ? undefined : toJson(value)
}

/** A query, of the fields of an object or of whatever else there is. */
function queryOf(value: unknown): string {
  if (value === undefined) return ''
  if (value === null || typeof value !== 'object') return percent(String(value))
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => `${percent(name)}=${percent(plain(each))}`)
    .join('&')
}

/** As people and programs write it in a query: texts without quotes, anything else as JSON. */
function plain(value: unknown): string {
  const json = toJson(value)
  return typeof value === 'string' && json.startsWith('"') ? value : json
}

/** Percent-encoded; half a surrogate pair as the three bytes that some encoders make of it. */
function percent(text: string): string {
  return Array.from(text, (each) =>
    /\p{Surrogate}/u.test(each)
      ? `%ed%${(0x80 | ((each.charCodeAt(0) >> 6) & 0x3f)).toString(16)}%${(0x80 | (each.charCodeAt(0) & 0x3f)).toString(16)}`
      : encodeURIComponent(each),
  ).join('')
}
