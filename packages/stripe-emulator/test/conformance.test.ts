import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { versionTable } from '../src/http/versions/table.ts'
import { endpoints } from '../src/registry/endpoints.ts'
import { readSchemas } from './schemas/cache.ts'
import { Conformance } from './schemas/check.ts'
import { rawRoutes } from './schemas/raw-fields.ts'

const schemas = readSchemas()
const conformance = new Conformance(schemas)

const customer = {
  id: 'cus_1',
  object: 'customer',
  address: null,
  balance: 0,
  created: 1_794_335_364,
  default_source: null,
  description: null,
  email: 'a@example.org',
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  metadata: {},
  phone: null,
  shipping: null,
}

function exchange(of: { params?: Record<string, unknown>; status?: number; body?: object }) {
  const { params = {}, status = 200, body = customer } = of
  const path = '/v1/customers'
  return {
    method: 'POST',
    path,
    version: '2026-10-28.endive',
    params,
    status,
    body: JSON.stringify(body),
    unread: [],
  }
}

const event = {
  id: 'evt_1',
  object: 'event',
  api_version: '2026-10-28.endive',
  created: 1,
  data: {
    object: customer,
    previous_attributes: { email: null, invoice_settings: { footer: 'x' } },
  },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type: 'customer.updated',
}

test('a valid request, response and event have no violations', () => {
  const params = { email: 'a@example.org', metadata: { k: 'v' }, expand: ['subscriptions'] }
  expect(conformance.ofExchange(exchange({ params }))).toEqual({ request: [], response: [] })
  expect(conformance.ofEvent(event)).toEqual([])
})

test('an invalid request is reported: an unknown parameter, a wrong type, at any depth', () => {
  const params = {
    nickname: 'Ada',
    balance: 'much',
    invoice_settings: { footer: ['a'] },
  }
  expect(conformance.ofExchange(exchange({ params })).request.sort()).toEqual([
    "POST /v1/customers: request (all of it): expected no field 'nickname'",
    'POST /v1/customers: request balance: expected must match pattern "^-?\\d+(\\.\\d+)?$", not "much"',
    'POST /v1/customers: request invoice_settings.footer: expected must be string, not ["a"]',
  ])
})

test('an invalid response is reported: a missing, unknown or wrong field', () => {
  const { email: _, ...without } = customer
  const body = { ...without, nickname: 'Ada', balance: '0' }
  expect(conformance.ofExchange(exchange({ body })).response.sort()).toEqual([
    "POST /v1/customers: answer (all of it): expected a field 'email'",
    "POST /v1/customers: answer (all of it): expected no field 'nickname'",
    'POST /v1/customers: answer balance: expected must be number, not "0"',
  ])
})

test('an invalid error is reported', () => {
  const error = { type: 'invalid_request_error', message: 'No', reason: 'because' }
  expect(conformance.ofExchange(exchange({ status: 400, body: { error } })).response).toEqual([
    "POST /v1/customers: answer 400 error: expected no field 'reason'",
  ])
  expect(conformance.ofExchange(exchange({ status: 400, body: {} })).response).toHaveLength(1)
})

test('an invalid event is reported: its object, its old values, its type', () => {
  const object = { ...customer, livemode: 'no' }
  const data = { object, previous_attributes: { nickname: null } }
  expect(conformance.ofEvent({ ...event, data }).sort()).toEqual([
    'event customer.updated: data.object.livemode: expected one of [false,true], not "no"',
    "event customer.updated: data.previous_attributes: expected no field 'nickname'",
  ])
  expect(conformance.ofEvent({ ...event, type: 'customer.renamed' })).toEqual([
    'event customer.renamed: the package knows no such type',
  ])
})

test('every resource of the emulator is in the table of the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const resources = endpoints.map(({ path }) => /^\/v1\/[a-z_]+/.exec(path)?.[0] ?? path)
  const missing = resources.filter((path) => !new RegExp(`\`${path}[\`/]`).test(readme))
  expect([...new Set(missing)]).toEqual([])
})

test('every route of the emulator is called by the package, or listed with its source', () => {
  const known = new Set(schemas.routes.map(({ method, path }) => `${method} ${path}`))
  const unknown = endpoints
    .map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':id')}`)
    .filter((route) => !known.has(route) && !rawRoutes.some((raw) => raw.route.test(route)))
    .filter((route) => !versionTable.routes.some((older) => older.route === route))
  expect(unknown).toEqual([])
})
