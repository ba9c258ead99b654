import { expect, test } from 'vitest'
import { StripeError } from '../src/core/errors.ts'
import type { Endpoint } from '../src/http/endpoint.ts'
import type { Param } from '../src/http/params/param.ts'
import { removedParams } from '../src/http/versions/removed-params.ts'
import { endpoints } from '../src/registry/endpoints.ts'
import { findingsOf, parameterTable } from './parameter-table.ts'
import { readSchemas } from './schemas/cache.ts'
import type { Schema } from './schemas/schema.ts'

type Path = readonly (string | number)[]

const schemas = readSchemas()
const DEEPEST = 5

/** Every parameter of a schema, also in objects and lists. */
function* parametersOf(schema: Schema, path: Path, within: readonly string[]): Iterable<Path> {
  const { is } = schema
  if (is !== undefined && within.includes(is)) return
  const inside = is === undefined ? within : [...within, is]
  const here = is === undefined ? schema : (schemas.definitions[is] ?? {})
  for (const one of here.anyOfThese ?? []) yield* parametersOf(one, path, inside)
  if (here.items !== undefined) yield* parametersOf(here.items, [...path, 0], inside)
  for (const [name, field] of Object.entries(here.properties ?? {})) {
    yield [...path, name]
    if (path.length < DEEPEST) yield* parametersOf(field, [...path, name], inside)
  }
}

function nameOf(path: Path): string {
  return path.map((part, index) => (index === 0 ? part : `[${part}]`)).join('')
}

function pathOf(name: string): Path {
  const parts = name.split(/[[\]]+/).filter((part) => part !== '')
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** Sets a value for a parameter. */
function put(params: Record<string | number, unknown>, [first = '', ...rest]: Path): void {
  if (rest.length === 0) {
    params[first] ??= 'x'
    return
  }
  const inner = params[first]
  const next = typeof inner === 'object' && inner !== null ? inner : rest[0] === 0 ? [] : {}
  params[first] = next
  put(next as Record<string | number, unknown>, rest)
}

function refusalOf(endpoint: Endpoint, params: Record<string, unknown>): StripeError | null {
  try {
    endpoint.prepare({ id: 'x', params, watch: false })
    return null
  } catch (error) {
    if (error instanceof StripeError) return error
    throw error
  }
}

/** Whether an endpoint rejects a parameter as unknown; other required parameters are added. */
function isUnknown(endpoint: Endpoint, path: Path): boolean {
  const params: Record<string, unknown> = {}
  put(params, path)
  for (let attempts = 0; attempts < 20; attempts += 1) {
    const { code, param = '' } = refusalOf(endpoint, params)?.fields ?? {}
    if (code !== 'parameter_missing') return code === 'parameter_unknown' && param === nameOf(path)
    put(params, pathOf(param))
  }
  throw new Error(`${endpoint.method} ${endpoint.path} requires more than 20 parameters`)
}

const ofPackage = endpoints.flatMap((endpoint) => {
  const path = endpoint.path.replace(/:\w+/g, ':id')
  const route = schemas.routes.find((one) => one.method === endpoint.method && one.path === path)
  return route === undefined ? [] : [{ endpoint, route }]
})

test('every parameter of Stripe works, is ignored, or is rejected as not emulated; none is unknown', () => {
  const unknown = ofPackage.flatMap(({ endpoint, route }) =>
    [...parametersOf(route.params, [], [])]
      .filter(([first]) => first !== 'expand')
      .filter((path) => isUnknown(endpoint, path))
      .map((path) => `${endpoint.method} ${endpoint.path}: ${nameOf(path)}`),
  )
  expect(ofPackage.length).toBeGreaterThan(80)
  expect([...new Set(unknown)]).toEqual([])
})

test('a parameter that Stripe does not have is unknown, at any depth', () => {
  const create = endpoints.find(
    ({ method, path }) => method === 'POST' && path === '/v1/subscriptions',
  )
  if (create === undefined) throw new Error('no such endpoint')
  expect(isUnknown(create, ['colour'])).toBe(true)
  expect(isUnknown(create, ['items', 0, 'colour'])).toBe(true)
  expect(isUnknown(create, ['items', 0, 'price'])).toBe(false)
})

/** Every parameter that is read, also in objects and lists; an entry of a list is named by `[0]`. */
function* parametersRead({ inside = {}, without }: Param<unknown>, path: Path): Iterable<Path> {
  if (without !== undefined) return
  for (const [name, field] of Object.entries(inside.fields ?? {})) {
    if (field.without === undefined) yield [...path, name]
    yield* parametersRead(field, [...path, name])
  }
  for (const one of inside.anyOf ?? []) yield* parametersRead(one, path)
  if (inside.entries !== undefined) yield* parametersRead(inside.entries, [...path, 0])
}

test('every parameter that is read is one of Stripe, or refused as removed', () => {
  const beyond = ofPackage.flatMap(({ endpoint, route }) => {
    const known = new Set([...parametersOf(route.params, [], [])].map(nameOf))
    const inPath = endpoint.path.split('/').map((part) => part.slice(1))
    const at = `${endpoint.method} ${endpoint.path.replace(/:\w+/g, 'x')}`
    const gone = removedParams
      .filter((one) => one.route.test(at))
      .flatMap(({ names }) => names.map((name) => name.replaceAll('[]', '[0]')))
    return (
      [...new Set([...parametersRead(endpoint.params, [])].map(nameOf))]
        .filter((name) => !known.has(name) && !gone.includes(name))
        .filter((name) => name.split('[').length <= DEEPEST && name !== 'expand')
        // The names inside are currencies, which the types do not list.
        .filter((name) => !inPath.includes(name) && !/currency_options\]?\[0\]/.test(name))
        .map((name) => `${endpoint.method} ${endpoint.path}: ${name}`)
    )
  })
  expect(beyond).toEqual([])
})

test('a parameter that is only cosmetic has a reason of its own', () => {
  const reasons = endpoints.flatMap(({ params }) =>
    findingsOf(params).flatMap(({ cosmetic }) => cosmetic ?? []),
  )
  expect(reasons.filter((reason) => reason === 'unsorted')).toEqual([])
})

test('PARAMETERS.md names every parameter that is rejected or only cosmetic', async () => {
  await expect(parameterTable(endpoints)).toMatchFileSnapshot('../PARAMETERS.md')
})
